"""The same day gives the same company, whatever the database handed out before."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.demo.conftest import TODAY
from wholesale.demo import is_empty, load_demo

PRINT = """
SELECT md5(string_agg(row, '|' ORDER BY row)) FROM (
    SELECT concat_ws(',', substr(o.code, 1, 6), o.name, g.name, c.email, u.email, o.status,
        placed_at, requested_delivery, units, total, o.notes) AS row
    FROM orders o JOIN organizations g ON g.id = o.organization_id
    JOIN contacts c ON c.id = contact_id JOIN users u ON u.id = o.salesperson_id) rows
"""

LEADS = """
SELECT md5(string_agg(row, '|' ORDER BY row)) FROM (
    SELECT concat_ws(',', l.name, company, person, stage, value, u.email, l.created_at,
        last_activity_at, next_step_on, string_agg(concat_ws(',', kind, body, happened_at,
        follow_up_on), ';' ORDER BY happened_at, body)) AS row
    FROM leads l LEFT JOIN users u ON u.id = owner_id LEFT JOIN activities a ON lead_id = l.id
    GROUP BY l.id, u.id) rows
"""


def fingerprint(session: Session) -> list[str]:
    return [str(session.scalar(text(query))) for query in (PRINT, LEADS)]


def test_two_loads_for_one_day_are_alike(company: Session):
    """The second stays for the tests that follow: it is the same company."""
    first = fingerprint(company)
    company.rollback()
    assert is_empty(company)
    load_demo(company, TODAY)
    assert fingerprint(company) == first
