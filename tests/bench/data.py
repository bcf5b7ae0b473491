"""Loads any number of orders with SQL, in the shape that the application writes."""

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.cast import Cast, add_cast, add_product

ORGANIZATIONS = """
INSERT INTO organizations (name, city, salesperson_id, version)
SELECT (ARRAY['North','South','East','West','Lake','Ridge','Cedar','Maple'])[1 + n % 8] || ' '
    || (ARRAY['Valley','Field','Haven','Brook','Ford','Port'])[1 + n / 8 % 6] || ' '
    || (ARRAY['High School','College','Wrestling Club','Outfitters'])[1 + n / 48 % 4] || ' ' || n,
    'City ' || n % 500, CAST(:rep AS int), 1
FROM generate_series(1, CAST(:count AS int)) n
"""
ORDERS = """
INSERT INTO orders (code, name, organization_id, salesperson_id, status, placed_at,
    requested_delivery, units, subtotal, version)
SELECT 'B-' || n, 'Set ' || n % 1000,
    (SELECT min(id) FROM organizations) + n % CAST(:customers AS int),
    CASE WHEN n % 8 = 0 THEN CAST(:rep AS int) ELSE CAST(:rival AS int) END,
    (ARRAY['new','waiting_sizes','production','shipped','completed','completed','completed'])
        [1 + n % 7],
    now() - n * interval '1 minute', current_date + (n % 60)::int, n % 300, n % 300 * 19.5, 1
FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n
"""


def add_orders(session: Session, cast: Cast, first: int, last: int, customers: int) -> None:
    """Add the orders numbered ``first`` to ``last``, without lines, and gather statistics.

    Then what the queue and the database do within a minute or two of a load is done at once.
    """
    people = {"rep": cast.users["sales"], "rival": cast.users["sales2"]}
    span = {"first": first, "last": last, "customers": customers}
    session.execute(text("SET LOCAL statement_timeout = 0"))
    session.execute(text(ORDERS), people | span)
    session.commit()
    session.execute(text("SET LOCAL statement_timeout = 0"))
    session.execute(text("SELECT fold_order_deltas()"))
    session.commit()
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM order_deltas"))
        connection.execute(text("ANALYZE"))


def add_company(session: Session, organizations: int) -> Cast:
    """Add the cast, ``organizations`` customers, and fifty products of ten colours."""
    cast = add_cast(session)
    rep = {"rep": cast.users["sales"], "count": organizations}
    session.execute(text(ORGANIZATIONS), rep)
    for number in range(50):
        colours = [f"Colour {place}" for place in range(10)]
        add_product(session, f"BEN-{number}", f"Bench style {number}", colours)
    session.commit()
    session.execute(text("ANALYZE"))
    session.commit()
    return cast
