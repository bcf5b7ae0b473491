"""Reads of what was asked of the assistant."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from wholesale.assistant.models import AssistantCall, Outcome
from wholesale.core.errors import NotVisible
from wholesale.web.listing import Listing, Sort

LISTING = Listing(AssistantCall.id, (Sort("asked", AssistantCall.created_at, descending=True),))


@dataclass(frozen=True)
class Standing:
    """The last good and the last bad answer, and what one day took."""

    success: AssistantCall | None
    failure: AssistantCall | None
    calls: int
    tokens: int

    @property
    def is_failing(self) -> bool:
        """Whether nothing has been answered since the last failure."""
        failure, success = self.failure, self.success
        return failure is not None and (success is None or failure.id > success.id)


def calls() -> Select[Any]:
    """Select all questions, with who asked."""
    return select(AssistantCall).options(joinedload(AssistantCall.user))


def call(session: Session, key: int) -> AssistantCall:
    """Return one question. Raises NotVisible when there is none."""
    found = session.scalar(calls().where(AssistantCall.id == key))
    if found is None:
        raise NotVisible("There is no such question.")
    return found


def used_since(session: Session, user_id: int, moment: datetime) -> int:
    """Return how many tokens a person's questions took since ``moment``."""
    tokens = func.sum(AssistantCall.tokens_in + AssistantCall.tokens_out)
    query = select(tokens).where(
        AssistantCall.user_id == user_id, AssistantCall.created_at >= moment
    )
    return int(session.scalar(query) or 0)


def standing(session: Session, since: datetime) -> Standing:
    """Return how the assistant fares: last answers, calls and tokens since a moment."""
    latest = select(AssistantCall).order_by(AssistantCall.id.desc()).limit(1)
    bad = AssistantCall.outcome.not_in([Outcome.ANSWERED, Outcome.RUNNING])
    tokens = func.coalesce(func.sum(AssistantCall.tokens_in + AssistantCall.tokens_out), 0)
    counted = select(func.count(), tokens).where(AssistantCall.created_at >= since)
    count, spent = session.execute(counted).one()
    return Standing(
        success=session.scalar(latest.where(AssistantCall.outcome == Outcome.ANSWERED)),
        failure=session.scalar(latest.where(bad)),
        calls=count,
        tokens=int(spent),
    )
