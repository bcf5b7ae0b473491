"""Loads customers, contacts and styles in numbers and names as various as those of a trade."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.cast import Cast
from wholesale.extensions import db


def names(listed: str, by: str | None = None) -> list[str]:
    """Return names listed in one text."""
    return listed.split(by)


FRONTS = names(
    "Wolver Bären Ash Brook Cedar Dun Eagle Fair Glen Hart Iron Jack King Lang Maple Nor Oak Pem"
    " Quin Rock Stone Thorn Up Vern West York Zell Alder Birch Clay Dover Elm Fox Green Hill Inver"
    " Kirk Lock Mill Nettle Otter Port Raven Salt Tam Ulver Wain Strau São Nîm Mölln Gdań Reyk"
)
BACKS = names(
    "ton fels ford ville brook dale field haven mouth port wood bury ham land wick worth stead"
    " burg ley cester minster gate bridge mont"
)
KINDS = names(
    "High School|College|Wrestling Club|Outfitters|Athletics|Rowing Club|Academy|City Council"
    "|Fire Department|Brewing Company|Booster Club|Little League|Sports|University|Hockey"
    "|Dance Team",
    "|",
)
FIRST = names(
    "Ana Berta Carlos Dora Émile Fay Gus Hana Iris Jörg Kim Luis Mia Nia Otto Pia Quentin Rosa Sven"
    " Tara Uma Vera Walt Xenia Yuri Zoë Adam Bella Chloé Dennis Elena Frank Grace Henry Ines Jonas"
)
LAST = names(
    "Adler Brandt Carter Dubois Evans Fischer García Hughes Ivanov Jensen Keller Lindqvist Müller"
    " Novák Olsen Peralta Quist Rossi Schmidt Tanaka Ueda Vogel Walker Xu Young Ziegler Okafor"
    " Silva"
)
STYLES = names(
    "Home jersey|Away jersey|Training tee|Warm-up jacket|Singlet|Shorts|Hoodie|Polo shirt|Cap"
    "|Track pants|Quarter zip|Rash guard|Tank top|Softshell vest|Rain jacket|Crew sock",
    "|",
)
COLOURS = names(
    "Navy Red White Black Royal Maroon Gold Forest Silver Orange Purple Teal Charcoal Sand Crème"
)

CUSTOMERS = """
INSERT INTO organizations (name, city, reference, salesperson_id, version)
SELECT town || ' ' || (CAST(:kinds AS text[]))[1 + n * 7 % CAST(:kind_count AS int)]
    || CASE WHEN n > CAST(:towns AS int) THEN ' ' || n / CAST(:towns AS int) ELSE '' END,
    town, 'C-' || (10000 + n), CAST(:rep AS int), 1
FROM generate_series(1, CAST(:count AS int)) n
CROSS JOIN LATERAL (
    SELECT (CAST(:fronts AS text[]))[1 + n % CAST(:front_count AS int)]
        || (CAST(:backs AS text[]))[1 + n / CAST(:front_count AS int) % CAST(:back_count AS int)]
) made (town)
"""
CONTACTS = """
INSERT INTO contacts (organization_id, name, email, is_primary, version)
SELECT (SELECT max(id) FROM organizations) - n % CAST(:customers AS int), first || ' ' || last,
    search_key(first || '.' || last || n) || '@' || search_key(CAST(
        (CAST(:fronts AS text[]))[1 + n % CAST(:front_count AS int)] AS text)) || '.example',
    n <= CAST(:customers AS int), 1
FROM generate_series(1, CAST(:count AS int)) n
CROSS JOIN LATERAL (
    SELECT (CAST(:firsts AS text[]))[1 + n % CAST(:first_count AS int)],
        (CAST(:lasts AS text[]))[1 + n / CAST(:first_count AS int) % CAST(:last_count AS int)]
) made (first, last)
"""
PRODUCTS = """
INSERT INTO products (sku, name, category_id, size_run_id, base_price, version)
SELECT 'ST-' || (1000 + n), (CAST(:fronts AS text[]))[1 + n % CAST(:front_count AS int)] || ' '
    || (CAST(:styles AS text[]))[1 + n / CAST(:front_count AS int) % CAST(:style_count AS int)],
    (SELECT min(id) FROM categories), (SELECT min(id) FROM size_runs), 10 + n % 90, 1
FROM generate_series(1, CAST(:count AS int)) n
"""
VARIANTS = """
INSERT INTO variants (code, product_id, colour, position, version)
SELECT p.sku || '-' || upper(left(colour, 3)), p.id, colour, place, 1
FROM products p
CROSS JOIN unnest(CAST(:colours AS text[])) WITH ORDINALITY made (colour, place)
WHERE p.sku LIKE 'ST-%' AND place <= 10
"""


def add_trade(session: Session, cast: Cast, customers: int, contacts: int, styles: int) -> None:
    """Add customers with contacts, and styles of ten colours, and gather statistics."""
    lists = {"front": FRONTS, "back": BACKS, "kind": KINDS, "first": FIRST, "last": LAST}
    known: dict[str, object] = {f"{name}s": words for name, words in lists.items()}
    known |= {f"{name}_count": len(words) for name, words in lists.items()}
    known |= {"styles": STYLES, "style_count": len(STYLES), "colours": COLOURS}
    known |= {"rep": cast.users["sales"], "towns": len(FRONTS) * len(BACKS)}
    session.execute(text("SET LOCAL statement_timeout = 0"))
    session.execute(text(CUSTOMERS), known | {"count": customers})
    session.execute(text(CONTACTS), known | {"count": contacts, "customers": customers})
    session.execute(text(PRODUCTS), known | {"count": styles})
    session.execute(text(VARIANTS), known)
    session.commit()
    # As the database does by itself some time after a load: clears what the indexes put off.
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))
