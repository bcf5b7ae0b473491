"""Every step of the workflow: where it leads from where, what stands before it, who may take it."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.drafts import Draft
from tests.visitor import Visitor
from wholesale.audit.models import AuditEntry
from wholesale.config import ROOT
from wholesale.core.clock import now
from wholesale.customers.models import Contact, Organization
from wholesale.orders import ports
from wholesale.orders.models import Order
from wholesale.orders.workflow import TRANSITIONS, Facts, OrderStatus, Transition, table

MET = Facts(
    has_contact_email=True,
    lines=1,
    sizes_confirmed=True,
    needs_no_design=True,
    has_credit=True,
    tracked={"invoice": True, "ready": True, "tracking": True, "balance": True},
)


@pytest.fixture
def order(placed: str, session: Session, cast: Cast) -> Order:
    """A placed order whose contact has an address."""
    session.get_one(Contact, cast.contact).email = "coach@wolves.example"
    session.commit()
    return session.query(Order).one()


@pytest.fixture
def all_met(order: Order, session: Session):
    """Rooms that say of every gate that it is met, and an order that needs no design."""
    order.needs_no_design = True
    session.commit()
    tracked = ("invoice", "deposit", "ready", "tracking", "balance")
    for gate in tracked:
        ports.provide(gate, lambda *_: True)
    yield order
    for gate in tracked:
        ports.withdraw(gate)


def put(session: Session, order: Order, status: OrderStatus) -> None:
    """Set a status as if the order had come so far, its sizes confirmed."""
    session.rollback()
    order.status = status
    order.sizes_confirmed_at = order.placed_at
    session.commit()


def take(visitor: Visitor, order: Order, step: str, seen: str, reason: str = ""):
    """Send the form of a step."""
    form = {"step": step, "seen": seen, "reason": reason}
    return visitor.post(f"/orders/{order.code}/transitions", form)


def status(session: Session, order: Order) -> str:
    """Return the status the database holds."""
    session.rollback()
    session.refresh(order)
    return order.status


@pytest.mark.parametrize(
    ("start", "step"),
    [pytest.param(s, t, id=f"{s}-{t.name}") for s, t in product(OrderStatus, TRANSITIONS)],
)
def test_each_pair_of_status_and_step_is_taken_or_refused(
    all_met: Order, session: Session, visit, start: OrderStatus, step: Transition
):
    put(session, all_met, start)
    answer = take(visit("admin"), all_met, step.name, start, "because")
    legal = start in step.sources
    assert answer.status_code == (303 if legal else 409)
    assert status(session, all_met) == (step.target if legal else start)


def test_completed_and_cancelled_lead_nowhere_but_one_step_back():
    assert [t.name for t in TRANSITIONS if OrderStatus.CANCELLED in t.sources] == []
    assert [t.name for t in TRANSITIONS if OrderStatus.COMPLETED in t.sources] == [
        "back_to_shipped"
    ]


@pytest.mark.parametrize("step", TRANSITIONS, ids=lambda t: t.name)
def test_with_all_gates_met_nothing_stands_before_a_step(step: Transition):
    assert step.open_gates(MET) == []


def test_the_first_step_wants_a_contact_with_an_address(
    order: Order, rep: Visitor, session: Session, cast: Cast
):
    session.get_one(Contact, cast.contact).email = None
    session.commit()
    answer = take(rep, order, "ask_sizes", "new")
    assert answer.status_code == 409
    assert "Choose a contact who has an e-mail address." in answer.text
    assert status(session, order) == "new"


def test_a_step_is_taken_and_said(order: Order, rep: Visitor, session: Session):
    answer = take(rep, order, "ask_sizes", "new")
    assert answer.status_code == 303
    assert status(session, order) == "waiting_sizes"
    shown = rep.get(f"/orders/{order.code}").text
    assert "waiting for sizes." in shown
    assert ">Waiting for sizes</span>" in shown


def test_a_second_click_changes_nothing(order: Order, rep: Visitor, session: Session):
    take(rep, order, "ask_sizes", "new")
    assert take(rep, order, "ask_sizes", "new").status_code == 303
    assert status(session, order) == "waiting_sizes"
    moves = session.query(AuditEntry).filter_by(action="moved", entity_id=str(order.id))
    assert moves.count() == 1


def test_a_step_from_a_status_that_somebody_changed_is_refused(
    order: Order, rep: Visitor, visit, session: Session
):
    take(visit("admin"), order, "cancel", "new", "customer withdrew")
    answer = take(rep, order, "ask_sizes", "new")
    assert answer.status_code == 409
    assert "The order is cancelled meanwhile." in answer.text


def test_what_no_room_tracks_yet_is_never_silently_open(
    order: Order, rep: Visitor, session: Session
):
    put(session, order, OrderStatus.SIZES_VALIDATED)
    shown = rep.get(f"/orders/{order.code}").text
    assert "Not tracked yet." in shown
    assert ">Invoice</button>" not in shown
    assert take(rep, order, "invoice", "sizes_validated", "please").status_code == 409
    assert status(session, order) == "sizes_validated"


def test_an_administrator_passes_an_untracked_gate_with_a_reason(
    order: Order, visit, session: Session
):
    put(session, order, OrderStatus.SIZES_VALIDATED)
    admin = visit("admin")
    refused = take(admin, order, "invoice", "sizes_validated")
    assert refused.status_code == 422
    assert "Say why." in refused.text
    assert take(admin, order, "invoice", "sizes_validated", "invoiced on paper").status_code == 303
    assert status(session, order) == "invoiced"
    entry = session.query(AuditEntry).filter_by(action="moved", entity_id=str(order.id)).one()
    assert entry.after == {
        "from": "sizes_validated",
        "to": "invoiced",
        "reason": "invoiced on paper",
        "passed": ["An invoice is issued"],
    }


def test_not_even_an_administrator_passes_missing_sizes(order: Order, visit, session: Session):
    put(session, order, OrderStatus.DESIGN_CREATED)
    order.sizes_confirmed_at = None
    session.commit()
    answer = take(visit("admin"), order, "confirm_sizes", "design_created", "never mind")
    assert answer.status_code == 409
    assert "Confirm the sizes as they stand." in answer.text


def test_a_style_below_its_minimum_stands_before_the_next_step(
    all_met: Order, rep: Visitor, draft: Draft, session: Session
):
    rep.post(f"/orders/{all_met.code}/lines", {draft.cell("Navy", "M"): "11"})
    put(session, all_met, OrderStatus.DESIGN_CREATED)
    answer = take(rep, all_met, "confirm_sizes", "design_created")
    assert answer.status_code == 409
    assert "Home jersey: 11 of at least 12" in answer.text


def test_changing_a_quantity_takes_the_confirmation_back(
    order: Order, rep: Visitor, draft: Draft, session: Session
):
    seen = {"confirmed": "y", "lines_version": str(order.lines_version)}
    rep.post(f"/orders/{order.code}/sizes", seen)
    session.refresh(order)
    assert order.sizes_confirmed_at is not None
    rep.hx_post(f"/orders/{order.code}/lines", {f"price.{draft.lines['Navy']}": "19"})
    session.refresh(order)
    assert order.sizes_confirmed_at is not None
    rep.hx_post(f"/orders/{order.code}/lines", {draft.cell("Navy", "M"): "13"})
    session.refresh(order)
    assert order.sizes_confirmed_at is None


def test_sizes_that_changed_since_one_looked_are_not_confirmed(
    order: Order, rep: Visitor, draft: Draft, session: Session
):
    seen = {"confirmed": "y", "lines_version": str(order.lines_version)}
    rep.hx_post(f"/orders/{order.code}/lines", {draft.cell("Navy", "M"): "99"})
    answer = rep.post(f"/orders/{order.code}/sizes", seen)
    assert answer.status_code == 409
    session.refresh(order)
    assert order.sizes_confirmed_at is None


def test_net_terms_within_the_limit_stand_in_for_a_deposit(
    order: Order, rep: Visitor, session: Session, cast: Cast
):
    put(session, order, OrderStatus.INVOICED)
    customer = session.get_one(Organization, cast.organization)
    customer.payment_terms, customer.credit_limit = "Net 30", 100
    session.commit()
    assert take(rep, order, "produce", "invoiced").status_code == 409  # 240 of 100
    customer.credit_limit = 240
    session.commit()
    assert take(rep, order, "produce", "invoiced").status_code == 303


def test_one_step_back_is_for_ops_and_admins_with_a_reason(
    order: Order, rep: Visitor, visit, session: Session
):
    put(session, order, OrderStatus.WAITING_SIZES)
    assert take(rep, order, "back_to_new", "waiting_sizes", "oops").status_code == 403
    assert "Back to new" not in rep.get(f"/orders/{order.code}").text
    ops = visit("ops")
    assert take(ops, order, "back_to_new", "waiting_sizes").status_code == 422
    assert take(ops, order, "back_to_new", "waiting_sizes", "wrong order").status_code == 303
    assert status(session, order) == "new"


def test_a_step_back_brings_an_archived_order_into_the_lists_again(
    order: Order, visit, session: Session
):
    put(session, order, OrderStatus.COMPLETED)
    order.archived_at = now()
    session.commit()
    again = take(visit("ops"), order, "back_to_shipped", "completed", "came back")
    assert again.status_code == 303
    session.refresh(order)
    assert order.archived_at is None


def test_cancelling_takes_a_reason_and_what_was_typed_stays(
    order: Order, rep: Visitor, session: Session
):
    long = "x" * 501
    answer = take(rep, order, "cancel", "new", long)
    assert answer.status_code == 422
    assert long in answer.text
    assert take(rep, order, "cancel", "new", "customer withdrew").status_code == 303
    assert status(session, order) == "cancelled"


@pytest.mark.parametrize("step", ["", "fly", "<script>", "ask_sizes\x00x"])
def test_a_step_that_does_not_exist_is_refused(
    order: Order, rep: Visitor, session: Session, step: str
):
    assert take(rep, order, step, "new").status_code == 422
    assert status(session, order) == "new"


def test_a_draft_takes_no_step(rep: Visitor, draft: Draft):
    form = {"step": "ask_sizes", "seen": "new"}
    assert rep.post(f"/orders/{draft.ref}/transitions", form).status_code == 422


def test_people_who_may_not_change_an_order_are_offered_no_step(order: Order, visit):
    designer = visit("designer")
    assert ">Ask for sizes</button>" not in designer.get(f"/orders/{order.code}").text
    assert take(designer, order, "ask_sizes", "new").status_code == 403


def test_two_people_at_once_take_one_step(order: Order, visit, session: Session):
    url = f"/orders/{order.code}/transitions"
    steps = [
        (visit("admin"), {"step": "cancel", "seen": "new", "reason": "withdrawn"}),
        (visit("ops"), {"step": "ask_sizes", "seen": "new"}),
    ]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda step: step[0].post(url, step[1]), steps))
    assert sorted(a.status_code for a in answers) == [303, 409]
    moves = session.query(AuditEntry).filter_by(action="moved", entity_id=str(order.id))
    assert moves.count() == 1


def test_the_table_of_the_documentation_is_the_declaration():
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text()
    for row in table():
        assert f"| {' | '.join(row)} |" in text
