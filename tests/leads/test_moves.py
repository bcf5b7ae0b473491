"""Moving a lead from stage to stage: on its page, on the board, by two people at once."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.leads.conftest import Add
from tests.visitor import Visitor
from wholesale.audit.models import AuditEntry
from wholesale.core.clock import now
from wholesale.leads.models import Lead

Visit = Callable[[str], Visitor]


def changes(session: Session, lead: Lead) -> int:
    return (
        session.query(AuditEntry)
        .filter_by(entity="leads", entity_id=str(lead.id), action="updated")
        .count()
    )


def test_a_move_counts_as_activity(rep: Visitor, add: Add, session: Session):
    lead = add("Singlets", idle=20)
    answer = rep.post("/leads/L-1/stage", {"stage": "hot", "was": "lead"})
    assert answer.location == "/leads/L-1"
    session.refresh(lead)
    assert lead.stage == "hot"
    assert not lead.is_stale


def test_on_its_page_stage_and_title_follow(rep: Visitor, lead: Lead):
    form = {"stage": "mock_up", "was": "lead"}
    answer = rep.hx_post("/leads/L-1/stage", form, target="stage")
    assert 'value="mock_up" aria-current="step"' in answer.text
    assert 'id="lead-title" hx-swap-oob="true"' in answer.text
    assert "Mock-up</span>" in answer.text


def test_on_the_board_the_card_comes_to_its_column_with_both_counters(
    rep: Visitor, add: Add, lead: Lead
):
    add("Caps", stage="hot", value=100)
    form = {"stage": "hot", "was": "lead"}
    answer = rep.hx_post("/leads/L-1/stage", form, target="board").text
    assert f'<article id="lead-{lead.id}" hx-swap-oob="delete">' in answer
    assert 'hx-swap-oob="afterbegin:#cards-hot"' in answer
    assert 'id="count-lead" hx-swap-oob="true">0 · ' in answer
    assert 'id="count-hot" hx-swap-oob="true">2 · ' in answer
    assert 'id="count-mock_up"' not in answer


def test_without_javascript_the_board_comes_back_with_its_filters(rep: Visitor, lead: Lead):
    form = {"stage": "hot", "was": "lead", "then": "board"}
    assert rep.post("/leads/L-1/stage?owner=me", form).location == "/leads?owner=me"


def test_a_stale_stage_is_refused_with_who_and_what(
    rep: Visitor, visit: Visit, lead: Lead, session: Session
):
    visit("admin").post("/leads/L-1/stage", {"stage": "no_answer", "was": "lead"})
    words = "Ada Admin moved “Singlets” to No answer meanwhile."
    for answer in (
        rep.post("/leads/L-1/stage", {"stage": "hot", "was": "lead"}),
        rep.hx_post("/leads/L-1/stage", {"stage": "hot", "was": "lead"}, target="stage"),
        rep.hx_post("/leads/L-1/stage", {"stage": "hot", "was": "lead"}, target="board"),
    ):
        assert answer.status_code == 409
        assert words in answer.text
    assert 'hx-swap-oob="afterbegin:#cards-no_answer"' in answer.text
    session.refresh(lead)
    assert lead.stage == "no_answer"


def test_a_double_click_moves_once(rep: Visitor, lead: Lead, session: Session):
    form = {"stage": "hot", "was": "lead"}
    rep.post("/leads/L-1/stage", form)
    session.refresh(lead)
    moved, count = lead.last_activity_at, changes(session, lead)
    assert rep.post("/leads/L-1/stage", form).status_code == 303
    session.refresh(lead)
    assert (lead.last_activity_at, changes(session, lead)) == (moved, count)


@pytest.mark.parametrize("stage", ["", "won", "LEAD", "<script>", "\x00", "lead\x00", "9" * 5000])
def test_an_unknown_stage_is_refused(rep: Visitor, lead: Lead, session: Session, stage: str):
    assert rep.post("/leads/L-1/stage", {"stage": stage, "was": "lead"}).status_code == 422
    session.refresh(lead)
    assert lead.stage == "lead"


@pytest.mark.parametrize("was", ["", "nonsense", "\x00"])
def test_a_move_from_nowhere_is_refused(rep: Visitor, lead: Lead, was: str):
    assert rep.post("/leads/L-1/stage", {"stage": "hot", "was": was}).status_code == 409


def test_an_archived_lead_does_not_move(rep: Visitor, lead: Lead, session: Session):
    lead.archived_at = now()
    session.commit()
    answer = rep.post("/leads/L-1/stage", {"stage": "hot", "was": "lead"})
    assert answer.status_code == 409
    assert "Restore it first." in answer.text
