"""The same day gives the same company, whatever the database handed out before."""

from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.demo.conftest import TODAY
from wholesale.demo import load_demo

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


def fingerprint(engine: Engine) -> list[str]:
    with Session(engine) as session:
        load_demo(session, TODAY)
        found = [str(session.scalar(text(query))) for query in (PRINT, LEADS)]
        session.rollback()
    return found


def test_two_loads_for_one_day_are_alike(engine: Engine):
    assert fingerprint(engine) == fingerprint(engine)
