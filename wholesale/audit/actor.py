"""Who acts, from where, in which request: set at the edge, read when a change is recorded."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Acting:
    """The person or program behind a change."""

    name: str = "system"
    user_id: int | None = None
    address: str | None = None
    request_id: str | None = None


NOBODY = Acting()
_acting: ContextVar[Acting] = ContextVar("acting", default=NOBODY)


def acting() -> Acting:
    """Return who acts at the moment."""
    return _acting.get()


def set_acting(who: Acting) -> None:
    """Say who acts from now on in this request or command."""
    _acting.set(who)
