"""Sending, revising and deciding: what was sent never changes, and a decision is of one content."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.quotes.conftest import Offer, present, step
from tests.visitor import Visitor
from wholesale.catalog.models import Variant
from wholesale.config import ROOT
from wholesale.core.clock import now
from wholesale.quotes.content import content_hash
from wholesale.quotes.models import Quote, QuoteDecision, QuoteRevision
from wholesale.quotes.workflow import STEPS, QuoteStatus, table

Visit = Callable[[str], Visitor]


def test_sending_keeps_what_was_offered_with_its_hash(rep: Visitor, session: Session, sent: Offer):
    revision = session.query(QuoteRevision).one()
    assert revision.number == 1
    assert revision.content["total"] == "240.00"
    assert revision.content["customer"] == "Wolverton Wrestling Club"
    assert revision.content["styles"][0]["rows"][0]["quantities"] == {"M": 12}
    assert len(revision.content["styles"][0]["rows"]) == 1
    assert revision.content_hash == content_hash(revision.content)
    assert present(session, sent.code).status == "sent"


def test_the_database_lets_nobody_change_what_was_sent(session: Session, sent: Offer):
    with pytest.raises(DBAPIError, match="does not change"):
        session.execute(text("UPDATE quote_revisions SET content = '{}'"))
    session.rollback()


def test_a_quote_without_units_is_not_sent(rep: Visitor, session: Session, offer: Offer):
    rep.post(f"{offer.url}/lines", {offer.cell("Navy", "M"): ""})
    answer = step(rep, session, offer.code, "send")
    assert answer.status_code == 409
    assert "Enter the units of at least one row" in answer.text
    assert session.query(QuoteRevision).count() == 0


def test_what_was_archived_meanwhile_is_not_offered(
    rep: Visitor, session: Session, offer: Offer, cast: Cast
):
    session.get_one(Variant, cast.variants["Navy"]).archived_at = now()
    session.commit()
    answer = step(rep, session, offer.code, "send")
    assert answer.status_code == 409
    assert "archived meanwhile" in answer.text


def test_a_last_day_that_is_over_is_not_sent(rep: Visitor, session: Session, offer: Offer):
    rep.post(f"{offer.url}/details", {"valid_until": "2020-01-01"})
    answer = step(rep, session, offer.code, "send")
    assert answer.status_code == 409
    assert "last day is over" in answer.text


def test_a_double_click_sends_once(rep: Visitor, session: Session, offer: Offer):
    form = {"step": "send", "seen": present(session, offer.code).state}
    answers = [rep.post(f"{offer.url}/steps", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert session.query(QuoteRevision).count() == 1


def test_what_was_sent_cannot_be_typed_into(rep: Visitor, session: Session, sent: Offer):
    answer = rep.post(f"{sent.url}/lines", {sent.cell("Navy", "M"): "99"})
    assert answer.status_code == 409
    assert "The quote is sent: its lines stand." in answer.text
    assert rep.post(f"{sent.url}/details", {"name": "x"}).status_code == 409
    assert present(session, sent.code).units == 12


def test_a_revision_shows_what_changed_and_leaves_the_first_as_it_was(
    rep: Visitor, session: Session, sent: Offer
):
    step(rep, session, sent.code, "revise")
    rep.post(f"{sent.url}/lines", {sent.cell("Navy", "M"): "20", sent.cell("Red", "L"): "5"})
    page = rep.get(sent.url).text
    assert "Changed since revision 1" in page
    assert "<del>12</del>" in page and "<ins>20</ins>" in page
    assert "<ins>L 5 at 20.00</ins>" in page
    step(rep, session, sent.code, "send")
    first, second = session.query(QuoteRevision).order_by(QuoteRevision.number)
    assert (first.content["units"], second.content["units"]) == (12, 25)
    assert second.number == 2


def test_an_acceptance_noted_for_the_customer_says_how_one_knows(
    rep: Visitor, session: Session, sent: Offer, cast: Cast
):
    assert step(rep, session, sent.code, "accept", name="Coach").status_code == 422
    answer = step(rep, session, sent.code, "accept", name="Coach", reason="By telephone")
    assert answer.status_code == 303
    made = session.query(QuoteDecision).one()
    assert (made.decision, made.name, made.remark) == ("accepted", "Coach", "By telephone")
    assert made.noted_by_id == cast.users["sales"]
    assert "Accepted by <strong>Coach</strong>" in rep.get(sent.url).text


def test_revising_an_accepted_quote_voids_the_acceptance_and_keeps_it(
    rep: Visitor, session: Session, sent: Offer
):
    step(rep, session, sent.code, "accept", name="Coach", reason="By mail")
    step(rep, session, sent.code, "revise")
    made = session.query(QuoteDecision).one()
    assert made.voided_at is not None
    assert "Accepted by" not in rep.get(sent.url).text


LEGAL = {(step.name, source) for step in STEPS for source in step.sources}


@pytest.mark.parametrize("status", list(QuoteStatus))
@pytest.mark.parametrize("name", ["send", "accept", "reject", "revise"])
def test_every_step_starts_where_it_is_declared_to(
    rep: Visitor, session: Session, sent: Offer, status: QuoteStatus, name: str
):
    quote = present(session, sent.code)
    quote.status, quote.revision = status, 2 if status == "draft" else 1
    session.commit()
    answer = step(rep, session, sent.code, name, **{"name": "Coach", "reason": "By mail"})
    expected = 303 if (name, status) in LEGAL else 409
    assert answer.status_code == expected
    moved = present(session, sent.code).status != status
    assert moved == (expected == 303)


def test_a_price_changed_since_one_looked_is_not_sent(
    rep: Visitor, visit: Visit, session: Session, offer: Offer
):
    form = {"step": "send", "seen": present(session, offer.code).state}
    visit("admin").post(f"{offer.url}/lines", {f"price.{offer.lines['Navy']}": "2.00"})
    rep.post(f"{offer.url}/steps", form)
    assert session.query(QuoteRevision).count() == 0
    assert "changed since you looked" in rep.get(offer.url).text


def test_two_kinds_of_discount_by_two_people_are_told(
    rep: Visitor, visit: Visit, session: Session, offer: Offer
):
    visit("admin").post(f"{offer.url}/details", {"discount_percent": "10"})
    form = {"discount_amount": "50", "was.discount_amount": "0.00", "terms": "Net 10"}
    form |= {"discount_percent": "0.00", "was.discount_percent": "0.00", "was.terms": ""}
    answer = rep.post(f"{offer.url}/details", form)
    assert answer.status_code == 422
    assert "the other kind of discount" in answer.text
    assert "Net 10" in answer.text


def test_a_revised_quote_gets_a_new_last_day(rep: Visitor, session: Session, sent: Offer):
    present(session, sent.code).valid_until = date(2020, 1, 1)
    session.commit()
    step(rep, session, sent.code, "revise")
    assert present(session, sent.code).valid_until > now().date()


@pytest.mark.parametrize(
    "form",
    [{}, {"step": "burn", "seen": "sent.1"}, {"step": "\x00", "seen": "x"}, {"step": "expire"}],
)
def test_a_step_that_does_not_exist_is_refused(rep: Visitor, sent: Offer, form: dict[str, str]):
    assert rep.post(f"{sent.url}/steps", form).status_code == 422


def test_the_docs_table_is_drawn_from_the_declaration():
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text()
    assert table() in text


def test_the_step_is_in_the_history(rep: Visitor, session: Session, sent: Offer):
    assert "sent" in rep.get(f"{sent.url}/history").text
    assert session.query(Quote).count() == 1
