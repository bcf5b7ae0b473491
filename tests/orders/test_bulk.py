"""One action on many orders: each is checked by itself, and the answer says what became of it."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.conftest import Statements
from tests.visitor import Visitor
from wholesale.access.models import UserPermission
from wholesale.audit.models import AuditEntry
from wholesale.core.clock import now
from wholesale.orders.forms import MOST
from wholesale.orders.models import Order

Visit = Callable[[str], Visitor]


@pytest.fixture
def keys(session: Session, cast: Cast) -> dict[str, int]:
    """Three orders: O-1 and O-2 are the rep's, O-3 the rival's."""
    for number, who in enumerate(["sales", "sales", "sales2"], 1):
        order = Order(code=f"O-{number}", placed_at=now(), organization_id=cast.organization)
        order.salesperson_id = cast.users[who]
        session.add(order)
    session.commit()
    return {order.code: order.id for order in session.query(Order)}


def field(session: Session, name: str) -> dict[str, Any]:
    """Return a field of all orders by their code."""
    session.rollback()
    return {order.code: getattr(order, name) for order in session.query(Order)}


def test_an_administrator_assigns_orders_to_a_salesperson(
    visit: Visit, session: Session, cast: Cast, keys: dict[str, int]
):
    rival = cast.users["sales2"]
    form = {"action": "assign", "ids": list(keys.values()), "salesperson": rival}
    answer = visit("admin").post("/orders/bulk?q=wolver", form)
    assert answer.status_code == 200
    assert "2 changed, now Rolf Rival’s; 1 was so already." in answer.text
    assert 'href="/orders?q=wolver"' in answer.text
    assert set(field(session, "salesperson_id").values()) == {rival}


def test_closed_orders_are_archived_out_of_the_way_and_come_back(
    rep: Visitor, session: Session, cast: Cast, keys: dict[str, int]
):
    session.get_one(Order, keys["O-1"]).status = "completed"
    session.commit()
    page = rep.post("/orders/bulk", {"action": "archive", "ids": list(keys.values())}).text
    assert "1 changed, now archived; 2 refused:" in page
    assert "still open: new" in page
    assert [code for code, moment in field(session, "archived_at").items() if moment] == ["O-1"]
    browsed = rep.get("/orders").text
    assert "O-1" not in browsed
    assert "O-2" in browsed
    for asked in ("q=O-1", "status=completed", f"organization={cast.organization}", "archived=y"):
        assert '<span class="badge neutral">Archived</span>' in rep.get(f"/orders?{asked}").text
    page = rep.post("/orders/bulk", {"action": "restore", "ids": [keys["O-1"]]}).text
    assert "1 changed, back in the list." in page
    assert "O-1" in rep.get("/orders").text


def test_the_database_archives_no_open_order(session: Session, keys: dict[str, int]):
    session.get_one(Order, keys["O-1"]).archived_at = now()
    with pytest.raises(IntegrityError, match="archived_is_closed"):
        session.commit()
    session.rollback()


def test_each_change_is_in_the_trail(visit: Visit, session: Session, keys: dict[str, int]):
    form = {"action": "priority", "ids": [keys["O-1"], keys["O-2"]], "priority": "high"}
    visit("ops").post("/orders/bulk", form)
    for code in ("O-1", "O-2"):
        entry = (
            session.query(AuditEntry)
            .filter_by(entity="orders", entity_id=str(keys[code]), action="updated")
            .one()
        )
        assert (entry.before, entry.after) == ({"priority": "normal"}, {"priority": "high"})


def test_a_repeated_request_changes_nothing(rep: Visitor, session: Session, keys: dict[str, int]):
    form = {"action": "priority", "ids": [keys["O-1"], keys["O-2"]], "priority": "high"}
    assert "2 changed, of high priority." in rep.post("/orders/bulk", form).text
    before = field(session, "version")
    assert rep.get("/orders").text.count("High priority") == 2
    assert "0 changed; 2 were so already." in rep.post("/orders/bulk", form).text
    assert field(session, "version") == before


def test_what_one_may_not_see_stays_as_it_is_and_unnamed(
    rep: Visitor, session: Session, keys: dict[str, int]
):
    form = {"action": "priority", "ids": [*keys.values(), 999999], "priority": "low"}
    page = rep.post("/orders/bulk", form).text
    assert "2 changed, of low priority; 2 refused:" in page
    assert "2 are not among the orders that you may see." in page
    assert "O-3" not in page
    assert field(session, "priority") == {"O-1": "low", "O-2": "low", "O-3": "normal"}


def test_what_one_may_see_but_not_change_is_named_with_a_link(
    rep: Visitor, session: Session, cast: Cast, keys: dict[str, int]
):
    reads_all = UserPermission(user_id=cast.users["sales"], resource="orders", action="read")
    reads_all.scope = "all"
    session.add(reads_all)
    session.commit()
    form = {"action": "priority", "ids": list(keys.values()), "priority": "low"}
    page = rep.post("/orders/bulk", form).text
    assert 'href="/orders/O-3"' in page.split("refused:")[1]
    assert "not yours to change" in page
    assert field(session, "priority")["O-3"] == "normal"


@pytest.mark.parametrize(
    ("who", "action"), [("sales", "assign"), ("finance", "assign"), ("finance", "priority")]
)
def test_a_role_without_the_permission_is_refused(
    visit: Visit, session: Session, cast: Cast, keys: dict[str, int], who: str, action: str
):
    form = {"action": action, "ids": [keys["O-1"]], "priority": "low"}
    form |= {"salesperson": cast.users["sales2"]}
    assert visit(who).post("/orders/bulk", form).status_code == 403
    assert field(session, "priority")["O-1"] == "normal"
    assert field(session, "salesperson_id")["O-1"] == cast.users["sales"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"action": "priority", "priority": "low"}, "Choose orders first."),
        ({"action": "priority", "ids": ["1", "x\x00"], "priority": "low"}, "no such record"),
        ({"action": "priority", "ids": [2**40], "priority": "low"}, "no such record"),
        ({"action": "priority", "ids": ["²"], "priority": "low"}, "no such record"),
        ({"action": "priority", "ids": [1]}, "Choose a priority."),
        ({"action": "priority", "ids": [1], "priority": "urgent"}, "Not a valid choice"),
        ({"action": "assign", "ids": [1]}, "Choose a salesperson."),
        ({"action": "assign", "ids": [1], "salesperson": "99999"}, "Not a valid choice"),
        ({"action": "delete", "ids": [1]}, "Not a valid choice"),
        ({"action": "export", "ids": list(range(1, MOST + 2))}, "Choose 200 orders at most."),
    ],
)
def test_what_cannot_be_done_says_why(visit: Visit, form: dict[str, Any], words: str):
    answer = visit("admin").post("/orders/bulk", form)
    assert answer.status_code == 422
    assert words in answer.text


def test_nobody_who_does_not_sell_is_given_orders(
    visit: Visit, session: Session, cast: Cast, keys: dict[str, int]
):
    form = {"action": "assign", "ids": [keys["O-1"]], "salesperson": cast.users["designer"]}
    assert visit("admin").post("/orders/bulk", form).status_code == 422


def test_the_chosen_orders_are_exported_and_no_others(rep: Visitor, keys: dict[str, int]):
    answer = rep.post("/orders/bulk", {"action": "export", "ids": [keys["O-2"], keys["O-3"]]})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="orders.csv"'
    rows = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert [row["Order"] for row in rows] == ["O-2"]


def test_htmx_gets_the_summary_and_the_list_is_told(rep: Visitor, keys: dict[str, int]):
    form = {"action": "priority", "ids": [keys["O-1"]], "priority": "high"}
    answer = rep.hx_post("/orders/bulk", form, target="bulk-answer")
    assert "1 changed" in answer.text
    assert "<h1" not in answer.text
    assert "orders-changed" in answer.headers["HX-Trigger"]


def test_the_list_offers_what_one_may_do(visit: Visit, keys: dict[str, int]):
    for who, offered in [
        ("admin", {"assign", "priority", "export"}),
        ("sales", {"priority", "export"}),
        ("finance", {"export"}),
    ]:
        page = visit(who).get("/orders").text
        assert {a for a in ("assign", "priority", "export") if f'value="{a}"' in page} == offered
        assert f'name="ids" value="{keys["O-1"]}"' in page


def test_the_checks_read_all_orders_at_once(
    visit: Visit, session: Session, cast: Cast, keys: dict[str, int], statements: Statements
):
    admin = visit("admin")
    form: dict[str, Any] = {"action": "priority", "priority": "normal"}
    counts = []
    admin.get("/orders")  # what the first request of a session writes is no part of it
    for ids in ([keys["O-1"]], list(keys.values())):
        before = statements.count
        with statements:
            admin.post("/orders/bulk", form | {"ids": ids})
        counts.append(statements.count - before)
    assert counts[0] == counts[1]
