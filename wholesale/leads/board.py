"""The board: a column per stage with its count, its value and its newest leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, Text, column, func, select, true, values
from sqlalchemy.orm import Session, aliased, joinedload

from wholesale.leads.models import Lead
from wholesale.leads.workflow import LeadStage

CARDS = 20


@dataclass(frozen=True)
class Column:
    """One stage: how many leads, what they may come to, and the newest of them."""

    stage: LeadStage
    count: int
    total: Decimal
    leads: Sequence[Lead] = ()

    @property
    def is_cut(self) -> bool:
        """Whether there are more leads than the column shows."""
        return self.count > CARDS


def board(session: Session, query: Select[Any], stages: Sequence[LeadStage]) -> list[Column]:
    """Return the columns of ``stages`` with their leads, in two statements."""
    cards = _newest(session, query, stages)
    return [
        Column(head.stage, head.count, head.total, [c for c in cards if c.phase is head.stage])
        for head in heads(session, query, stages)
    ]


def heads(session: Session, query: Select[Any], stages: Sequence[LeadStage]) -> list[Column]:
    """Return the columns of ``stages`` without their leads: the counters."""
    counted = query.where(Lead.stage.in_(stages)).group_by(Lead.stage)
    rows = session.execute(
        counted.with_only_columns(Lead.stage, func.count(), func.sum(Lead.value))
    )
    found = {stage: (count, total) for stage, count, total in rows}
    return [Column(stage, *found.get(stage, (0, Decimal(0)))) for stage in stages]


def _newest(session: Session, query: Select[Any], stages: Sequence[LeadStage]) -> Sequence[Lead]:
    """Return the newest leads of each stage: as many reads along the index as stages."""
    shown = values(column("stage", Text), name="shown").data([(str(s),) for s in stages])
    newest = Lead.last_activity_at.desc(), Lead.id.desc()
    of_stage = query.where(Lead.stage == shown.c.stage).order_by(*newest).limit(CARDS)
    card = aliased(Lead, of_stage.lateral("newest"))
    cards = (
        select(card)
        .select_from(shown)
        .join(card, true())
        .options(joinedload(card.organization), joinedload(card.owner))
        .order_by(card.last_activity_at.desc(), card.id.desc())
    )
    return session.scalars(cards).all()
