"""What a form made before: the same request sent twice finds the first one's record."""

from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wholesale.core.models import Entered

Record = TypeVar("Record", bound=Entered)


def made_before(session: Session, model: type[Record], key: UUID) -> Record | None:
    """Return the record that the form with ``key`` made already, or None.

    The key stays locked until the transaction ends, so that of two requests at once the
    second one waits and finds what the first one made.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(key), 0))))
    return session.scalar(select(cast(Any, model)).where(cast(Any, model).entry_key == key))
