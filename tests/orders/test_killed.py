"""The server killed in the middle of a 500-line save: the old state or the new one, never half."""

import os
import signal
import subprocess
import sys
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import Cast, add_product
from tests.visitor import Visitor
from wholesale.config import ROOT
from wholesale.orders.models import Order, OrderLine

LINES = 500
# Saves one cell of each line, and kills itself at a statement, or at the commit of the order.
SAVE = """
import os, signal, sys
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session as OrmSession
from tests.visitor import Visitor
from wholesale import create_app
from wholesale.config import Settings
from wholesale.extensions import db

url, user, ref, keys, place = sys.argv[1:]
app = create_app(Settings(app_env="test", database_url=url, session_secret="s"))
seen = ""

def note(what):
    global seen
    seen += what
    if what.startswith(place) and (what.isupper() <= ("UPDATE orders " in seen)):
        os.kill(os.getpid(), signal.SIGKILL)

with app.app_context():
    rep = Visitor(app, db.session).signed_in(int(user))
    event.listen(Engine, "before_cursor_execute", lambda c, cursor, text, *_: note(text))
    event.listen(OrmSession, "before_commit", lambda session: note("COMMIT"))
    event.listen(OrmSession, "after_commit", lambda session: note("DONE"))
    rep.hx_post(f"/orders/{ref}/lines", {f"q.{key}.M": "7" for key in keys.split(",")})
"""


@pytest.fixture
def long_order(rep: Visitor, session: Session, cast: Cast) -> str:
    """A draft of 500 lines without units."""
    colours = [f"Colour {number}" for number in range(20)]
    styles = [add_product(session, f"LONG-{n}", f"Style {n}", colours).id for n in range(25)]
    session.commit()
    begun = {"organization_id": cast.organization, "key": str(uuid4())}
    ref = rep.post("/orders/new", begun).location.rsplit("/", 1)[1]
    for style in styles:
        rep.hx_post(f"/orders/{ref}/products", {"product_id": style})
    return ref


def saved(session: Session) -> tuple[int, int, int]:
    """Return the lines with seven in M, the order's units, and those that its lines hold."""
    session.rollback()
    lines = select(func.count()).where(OrderLine.quantities == {"M": 7})
    units = select(func.coalesce(func.sum(OrderLine.qty_total), 0))
    order = session.scalars(select(Order.units)).one()
    return session.scalar(lines) or 0, order, session.scalar(units) or 0


@pytest.mark.parametrize(
    ("place", "written"),
    [
        ("UPDATE order_lines", 0),
        ("UPDATE orders", 0),
        ("COMMIT", 0),
        ("DONE", LINES),
    ],
)
def test_a_killed_save_is_whole_or_not_at_all(
    rep: Visitor,
    session: Session,
    cast: Cast,
    database_url: str,
    long_order: str,
    place: str,
    written: int,
):
    keys = [str(key) for key in session.scalars(select(OrderLine.id))]
    assert len(keys) == LINES
    told = [database_url, str(cast.users["sales"]), long_order, ",".join(keys), place]
    known = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", SAVE, *told], cwd=ROOT, env=known, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert saved(session) == (written, written * 7, written * 7)
    again = {f"q.{key}.M": "7" for key in keys} | {f"was.q.{key}.M": "" for key in keys}
    assert rep.hx_post(f"/orders/{long_order}/lines", again).status_code == 200
    assert saved(session) == (LINES, LINES * 7, LINES * 7)
