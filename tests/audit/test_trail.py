"""The trail: every change with before and after, append-only, its chain provable."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.accounts.test_sign_in import sign_in
from tests.cast import Cast
from tests.drafts import Draft
from tests.visitor import Visitor
from wholesale.audit.models import AuditEntry
from wholesale.audit.queries import entries, first_break
from wholesale.customers.models import Organization
from wholesale.orders.models import Order


def last(session: Session, record: str) -> AuditEntry:
    """Return the latest entry about a record."""
    session.rollback()
    found = session.scalar(entries(record=record).order_by(AuditEntry.id.desc()).limit(1))
    assert found is not None
    return found


def test_a_change_is_recorded_with_who_from_where_in_which_request_before_and_after(
    rep: Visitor,
    placed: str,
    session: Session,
    cast: Cast,
):
    order = session.query(Order).one()
    form = {"name": "Fall set", "priority": "high"}
    answer = rep.post(f"/orders/{placed}/details", form)
    entry = last(session, f"orders:{order.id}")
    assert entry.actor == "Rita Rep <rep@house.example>"
    assert entry.actor_id == cast.users["sales"]
    assert str(entry.address) == "127.0.0.1"
    assert entry.request_id == answer.headers["X-Request-ID"]
    assert entry.action == "updated"
    assert (entry.before["name"], entry.after["name"]) == ("", "Fall set")
    assert (entry.before["priority"], entry.after["priority"]) == ("normal", "high")


def test_a_cell_is_recorded_as_its_lines_quantities(
    rep: Visitor,
    draft: Draft,
    session: Session,
):
    rep.hx_post(f"/orders/{draft.ref}/lines", {draft.cell("Red", "L"): "4"})
    entry = last(session, f"order_lines:{draft.lines['Red']}")
    assert (entry.before, entry.after) == ({"quantities": {}}, {"quantities": {"L": 4}})


def test_what_is_rolled_back_leaves_no_entry(session: Session, cast: Cast):
    count = session.query(AuditEntry).count()
    session.get(Organization, cast.organization).name = "Other"
    session.flush()
    session.rollback()
    assert session.query(AuditEntry).count() == count


def test_passwords_are_never_in_the_trail(client, session: Session, cast: Cast):
    sign_in(client, "rep@house.example", "canary-password-1")
    found = "SELECT count(*) FROM audit_entries e WHERE e::text LIKE ANY (ARRAY[:a, :b])"
    marks = {"a": "%canary-password%", "b": "%$argon2%"}
    assert session.scalar(text(found), marks) == 0


def test_sign_ins_and_refused_ones_are_recorded(client, session: Session, cast: Cast):
    sign_in(client, "rep@house.example", "wrong")
    assert last(session, "users:rep@house.example").action == "sign-in refused"
    sign_in(client, "rep@house.example")
    entry = last(session, f"users:{cast.users['sales']}")
    assert (entry.action, entry.actor_id) == ("signed in", cast.users["sales"])


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE audit_entries SET actor = 'x'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries, audit_chain",
        "DELETE FROM audit_chain",
        "UPDATE audit_chain SET hash = ''",
    ],
)
def test_the_database_refuses_to_change_the_trail(session: Session, cast: Cast, attack: str):
    with pytest.raises(DBAPIError, match=r"append-only|permission denied"):
        session.execute(text(attack))


def test_the_chain_holds_and_shows_a_change_made_below_the_walls(session: Session, placed: str):
    assert first_break(session) is None
    session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER audit_refuse"))
    session.execute(text("GRANT UPDATE ON audit_entries TO CURRENT_USER"))
    change = "UPDATE audit_entries SET actor = 'x' WHERE id = (SELECT max(id) FROM audit_entries)"
    session.execute(text(change))
    assert "does not agree" in (first_break(session) or "")
    session.rollback()
    assert first_break(session) is None


def test_the_chain_shows_an_entry_written_around_it(session: Session, cast: Cast):
    session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER audit_append"))
    session.execute(
        text(
            "INSERT INTO audit_entries (actor, action, entity, entity_id) VALUES ('x','y','z','1')"
        )
    )
    assert "not in the chain" in (first_break(session) or "")
    session.rollback()


def test_the_admins_page_filters_and_says_who(
    visit: Callable[[str], Visitor],
    placed: str,
    session: Session,
):
    order = session.query(Order).one()
    page = visit("admin").get(f"/admin/audit?record=orders:{order.id}&user=rita").text
    assert "Rita Rep" in page
    assert f"orders:{order.id}" in page
    assert "No entry matches" in visit("admin").get("/admin/audit?record=orders:0").text


def test_a_records_page_has_its_history(
    rep: Visitor,
    placed: str,
    session: Session,
    cast: Cast,
):
    form = {"name": "Fall set", "priority": "high"}
    rep.post(f"/orders/{placed}/details", form)
    assert f'hx-get="/orders/{placed}/history"' in rep.get(f"/orders/{placed}").text
    panel = rep.hx_get(f"/orders/{placed}/history", target="history").text
    assert "Rita Rep" in panel
    assert "name: – → Fall set" in panel
    assert "<h1>" in rep.get(f"/orders/{placed}/history").text


def test_cost_is_left_out_of_a_products_history_for_those_who_may_not_see_it(
    visit: Callable[[str], Visitor], session: Session, cast: Cast
):
    from decimal import Decimal

    from wholesale.catalog.models import Variant

    session.get(Variant, cast.variants["Navy"]).cost = Decimal("7.77")
    session.commit()
    assert "7.77" in visit("ops").get("/products/JRS-1/history").text
    assert "7.77" not in visit("sales").get("/products/JRS-1/history").text


def test_beginning_removing_placing_and_discarding_are_in_the_trail(
    rep: Visitor, draft: Draft, session: Session
):
    key = session.query(Order).one().id
    assert last(session, f"orders:{key}").action == "created"
    rep.hx_post(f"/orders/{draft.ref}/removal", {"line_id": draft.lines["Red"]})
    assert last(session, f"orders:{key}").action == "removed a line of"
    assert last(session, f"order_lines:{draft.lines['Red']}").action == "deleted"
    rep.post(f"/orders/{draft.ref}/lines", {draft.cell("Navy", "M"): "12", "then": "place"})
    assert last(session, f"order_lines:{draft.lines['White']}").action == "deleted"
    assert last(session, f"orders:{key}").after["code"].startswith("O-20")
