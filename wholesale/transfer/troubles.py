"""What the database says when it refuses, as one line for an operator."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import Error, errors
from sqlalchemy.exc import SQLAlchemyError

from wholesale.core.errors import DomainError

KNOWN: tuple[tuple[type[Error], str], ...] = (
    (errors.ReadOnlySqlTransaction, "The database may only be read: {words}."),
    (errors.LockNotAvailable, "The database is in use: stop the application and try again."),
    (errors.DeadlockDetected, "The database is in use: stop the application and try again."),
    (errors.InsufficientPrivilege, "The role in DATABASE_URL may not do this: {words}."),
    (errors.ForeignKeyViolation, "The dump has rows that belong to none: {words}."),
    (errors.IntegrityError, "The dump has rows that a rule of the database refuses: {words}."),
    (errors.DataError, "The dump has rows that the database cannot read: {words}."),
    (errors.DiskFull, "The database's disk is full."),
)


@contextmanager
def told() -> Iterator[None]:
    """Turn what the database raises into DomainError with one line."""
    try:
        yield
    except (Error, SQLAlchemyError) as error:
        cause = getattr(error, "orig", None) or error
        raise DomainError(_line(cause)) from error


def _line(cause: BaseException) -> str:
    detail = getattr(getattr(cause, "diag", None), "message_detail", None) or ""
    first = (str(cause).strip().splitlines() or [type(cause).__name__])[0]
    words = " ".join([first, detail]).strip().rstrip(".")
    for kind, line in KNOWN:
        if isinstance(cause, kind):
            return line.format(words=words)
    return f"The database could not do it: {words}."
