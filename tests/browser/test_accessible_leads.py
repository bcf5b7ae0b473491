"""The pages of leads as axe-core sees them."""

from datetime import date

from playwright.sync_api import Page
from sqlalchemy.orm import Session

from tests.browser.accessible import assert_accessible
from tests.cast import Cast
from tests.leads.conftest import Add, add, lead  # noqa: F401 - fixtures
from wholesale.customers.models import Activity
from wholesale.leads.models import Lead

PAGES = [
    "/leads",
    "/leads?view=list",
    "/leads?q=nothing",
    "/leads/L-1",
    "/leads/L-1/what",
    "/leads/L-1/who",
    "/leads/L-1/deletion",
    "/leads/new?q=wolver",
    "/leads/new?use={organization}",
]


def test_every_page_of_leads(
    desk: Page,
    lead: Lead,  # noqa: F811
    add: Add,  # noqa: F811
    session: Session,
    cast: Cast,
    complaints: list[str],
):
    add("Caps", owner=None, idle=20, stage="hot", next_step="Call", next_step_on=date(2020, 1, 2))
    call = Activity(lead_id=lead.id, body="Called.", author_id=cast.users["sales"])
    call.follow_up_on = date(2020, 1, 2)
    session.add(call)
    session.commit()
    for url in PAGES:
        assert_accessible(desk, url.format(organization=cast.organization))
