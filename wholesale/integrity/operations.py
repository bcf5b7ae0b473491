"""Looks for what breaks the invariants; reads only."""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from wholesale.core.errors import DomainError
from wholesale.integrity.documents import DOCUMENTS, QUOTES
from wholesale.integrity.invariant import Finding, Invariant
from wholesale.integrity.records import CATALOG, CUSTOMERS, PEOPLE, UPKEEP
from wholesale.integrity.sums import SUMS

INVARIANTS: tuple[Invariant, ...] = (
    *DOCUMENTS,
    *QUOTES,
    *CUSTOMERS,
    *CATALOG,
    *PEOPLE,
    *UPKEEP,
    *SUMS,
)
BY_NAME = {one.name: one for one in INVARIANTS}


def check(session: Session, invariants: Iterable[Invariant] = INVARIANTS) -> list[Finding]:
    """Return every record that breaks one of ``invariants``.

    Raises DomainError when the database does not have the tables of this version.
    """
    session.execute(text("SET LOCAL statement_timeout = '10min'"))
    return [found for invariant in invariants for found in _look(session, invariant)]


def _look(session: Session, invariant: Invariant) -> list[Finding]:
    try:
        rows = session.execute(text(invariant.query.replace(":", r"\:"))).all()
    except SQLAlchemyError as error:
        session.rollback()
        words = str(getattr(error, "orig", error)).splitlines()[0]
        raise DomainError(
            f"{invariant.name} could not be looked for: {words}. Is the database of this"
            " version? flask doctor tells."
        ) from error
    return [Finding(invariant, str(row[0]), str(row[1]), str(row[2])) for row in rows]


def refill_sums(session: Session) -> int:
    """Add up what the dashboard shows anew from the orders; returns how many orders those are.

    Whoever saves an order meanwhile waits, some seconds for a million orders.
    """
    session.execute(text("SET LOCAL statement_timeout = '10min'"))
    return int(session.scalar(text("SELECT refill_order_sums()")) or 0)
