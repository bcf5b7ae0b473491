"""Document codes such as ``O-2026-00001``, counted per year without a lock across sales."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wholesale.core.clock import now


def next_code(session: Session, prefix: str) -> str:
    """Return the next code of ``prefix`` (``O``, ``Q``) in this year.

    Each year has a sequence of its own; a number that a rolled-back transaction took
    stays unused, which only invoices may not do (``domain.md``, Money).
    """
    year = now().year
    number = session.scalar(select(func.next_document_number(prefix, year)))
    return f"{prefix}-{year}-{number:05}"
