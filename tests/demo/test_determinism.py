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


def fingerprint(engine: Engine) -> str:
    with Session(engine) as session:
        load_demo(session, TODAY)
        found = str(session.scalar(text(PRINT)))
        session.rollback()
    return found


def test_two_loads_for_one_day_are_alike(engine: Engine):
    assert fingerprint(engine) == fingerprint(engine)
