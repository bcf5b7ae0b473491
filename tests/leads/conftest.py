"""Fixtures of leads: one of the rep, and a maker of others."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from wholesale.core.clock import now
from wholesale.leads.models import Lead

Add = Callable[..., Lead]


@pytest.fixture
def add(session: Session, cast: Cast) -> Add:
    """Write a lead of somebody of the cast: ``add("Caps", owner="sales2", idle=20)``."""
    written: list[Lead] = []

    def write(name: str, owner: str | None = "sales", *, idle: int = 0, **values: Any) -> Lead:
        moment = now() - timedelta(days=idle)
        lead = Lead(code=f"L-{len(written) + 1}", name=name, entry_key=uuid4(), **values)
        lead.company = values.get("company", "Ridge Runners")
        lead.owner_id = cast.users[owner] if owner else None
        lead.claimed_at = moment if owner else None
        lead.created_at = lead.last_activity_at = moment
        written.append(lead)
        session.add(lead)
        session.commit()
        return lead

    return write


@pytest.fixture
def lead(add: Add) -> Lead:
    """A lead of the rep: singlets for a company that is no customer yet."""
    return add("Singlets", person="Ana Ridge", email="ana@ridge.example", city="Ridge")
