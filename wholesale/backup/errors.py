"""Why a backup could not be made, checked or restored: one line for the operator."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from wholesale.core.errors import DomainError


class BackupError(DomainError):
    """It was not done, and nothing was changed; the message says why."""


class Unfit(BackupError):
    """The backup does not give back what was backed up."""


def first_line(error: BaseException) -> str:
    """Return the first line of what an error says."""
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]


@contextmanager
def telling(what: str) -> Iterator[None]:
    """Turn what the database or the disk refuses within the block into one line on ``what``.

    Raises BackupError.
    """
    try:
        yield
    except (psycopg.Error, SQLAlchemyError) as error:
        raise BackupError(f"{what}: {first_line(error)}") from error
    except OSError as error:
        raise BackupError(f"{what}: {error.strerror or error}") from error
