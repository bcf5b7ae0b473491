"""Claiming: of two at once one wins; giving back; an administrator gives leads away."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from sqlalchemy.orm import Session

from tests.cast import NAMES, Cast
from tests.leads.conftest import Add
from tests.visitor import Visitor
from wholesale.core.clock import now
from wholesale.leads.models import Lead

Visit = Callable[[str], Visitor]


def test_of_two_who_claim_at_once_one_wins_and_the_other_is_told_by_whom(
    visit: Visit, add: Add, session: Session, cast: Cast
):
    for number in range(1, 6):
        add(f"Caps {number}", owner=None, idle=1)
    people = {who: visit(who) for who in ("sales", "sales2")}
    for number in range(1, 6):
        start = Barrier(2)

        def claim(who: str, url: str = f"/leads/L-{number}/claim", start: Barrier = start):
            start.wait()
            return people[who].post(url)

        with ThreadPoolExecutor(2) as pool:
            answers = dict(zip(people, pool.map(claim, people), strict=True))
        assert sorted(a.status_code for a in answers.values()) == [303, 409]
        winner = next(who for who, answer in answers.items() if answer.status_code == 303)
        loser = "sales2" if winner == "sales" else "sales"
        assert f"{NAMES[winner]} claimed it a moment ago." in answers[loser].text
        found = session.query(Lead).filter_by(code=f"L-{number}").one()
        session.refresh(found)
        assert found.owner_id == cast.users[winner]


def test_claiming_twice_changes_nothing(rep: Visitor, add: Add, session: Session):
    caps = add("Caps", owner=None)
    rep.post("/leads/L-1/claim")
    session.refresh(caps)
    since = caps.claimed_at
    assert rep.post("/leads/L-1/claim").status_code == 303
    session.refresh(caps)
    assert caps.claimed_at == since


def test_who_comes_an_hour_late_finds_nothing(visit: Visit, add: Add, session: Session):
    caps = add("Caps", owner="sales", idle=3)
    caps.claimed_at = now() - timedelta(hours=2)
    session.commit()
    assert visit("sales2").post("/leads/L-1/claim").status_code == 404


def test_an_archived_lead_cannot_be_claimed(rep: Visitor, add: Add, session: Session):
    add("Caps", owner=None, archived_at=now())
    assert "Claim this lead" not in rep.get("/leads/L-1").text
    assert rep.post("/leads/L-1/claim").status_code == 409
    assert session.query(Lead).one().owner_id is None


def test_claiming_on_the_board_turns_the_card_into_ones_own(rep: Visitor, add: Add):
    add("Caps", owner=None)
    assert "Claim <span" in rep.get("/leads").text
    answer = rep.hx_post("/leads/L-1/claim", target="board")
    assert 'hx-swap-oob="afterbegin:#cards-lead"' in answer.text
    assert "Rita Rep" in answer.text
    assert 'draggable="true"' in answer.text


def test_what_is_claimed_leaves_the_board_of_unclaimed_leads(rep: Visitor, add: Add):
    add("Caps", owner=None)
    answer = rep.hx_post("/leads/L-1/claim?owner=none", target="board")
    assert '<article id="lead-' in answer.text
    assert "afterbegin" not in answer.text
    assert "0 · " in answer.text


def test_a_lead_given_back_is_free_to_claim(rep: Visitor, visit: Visit, lead: Lead):
    assert rep.post("/leads/L-1/release").status_code == 303
    assert visit("sales2").post("/leads/L-1/claim").status_code == 303
    assert rep.get("/leads/L-1").status_code == 404


def test_an_administrator_gives_a_lead_to_a_salesperson(
    visit: Visit, lead: Lead, session: Session, cast: Cast
):
    admin, rival = visit("admin"), cast.users["sales2"]
    assert "Assign" in admin.get("/leads/L-1").text
    form = {"owner_id": rival, "was": lead.owner_id}
    assert admin.post("/leads/L-1/owner", form).status_code == 303
    session.refresh(lead)
    assert lead.owner_id == rival
    assert visit("sales2").get("/leads/L-1").status_code == 200


def test_assigning_from_an_old_page_is_refused_with_the_present_owner(
    visit: Visit, lead: Lead, session: Session, cast: Cast
):
    form = {"owner_id": cast.users["sales2"], "was": ""}
    answer = visit("admin").post("/leads/L-1/owner", form)
    assert answer.status_code == 409
    assert "Rita Rep has it by now." in answer.text
    session.refresh(lead)
    assert lead.owner_id == cast.users["sales"]


def test_only_an_administrator_assigns_and_only_to_who_sells(
    rep: Visitor, visit: Visit, lead: Lead, cast: Cast
):
    form = {"owner_id": cast.users["sales2"], "was": lead.owner_id}
    assert rep.post("/leads/L-1/owner", form).status_code == 403
    admin = visit("admin")
    for key in (cast.users["designer"], 999_999, 2**40, "x", ""):
        assert admin.post("/leads/L-1/owner", form | {"owner_id": key}).status_code == 422
