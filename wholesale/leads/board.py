"""The board: a column per stage with its count, its value and its newest leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func
from sqlalchemy.orm import Session

from wholesale.leads.models import Lead
from wholesale.leads.queries import LISTING
from wholesale.leads.workflow import LeadStage
from wholesale.web.groups import firsts

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
    load, newest = (Lead.organization, Lead.owner), LISTING.sorts[0]
    cards = firsts(session, query, Lead.stage, stages, newest, CARDS, load)
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
