"""The customer's link: it shows the offer, takes one decision of what was shown, and ends."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from time import sleep
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.conftest import Work
from tests.quotes.conftest import Offer, link_in, present, sent_hash, step
from tests.visitor import Visitor
from wholesale.core.clock import now
from wholesale.core.tokens import token_hash
from wholesale.customers.models import Contact
from wholesale.links.models import CustomerLink
from wholesale.mail.models import OutboxMail
from wholesale.quotes.models import QuoteDecision

Visit = Callable[[str], Visitor]


@pytest.fixture
def customer(app: Flask, session: Session) -> Visitor:
    """Somebody without an account, with the page open: its CSRF field comes from there."""
    somebody = Visitor(app, session)
    page = somebody.get("/sign-in").text
    somebody.csrf = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    return somebody


def decide(customer: Visitor, link: str, seen: str, decision: str = "accepted", name: str = "Ann"):
    """Send the form of the page behind ``link``, as it stood in the browser by then."""
    page = customer.get(link).text
    token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    customer.csrf = token or customer.csrf
    form = {"csrf_token": customer.csrf, "seen": seen, "decision": decision, "name": name}
    return customer.client.post(f"{link}/decision", data=form, headers={"User-Agent": "Phone/1"})


def test_the_link_shows_the_offer_without_an_account(customer: Visitor, link: str, sent: Offer):
    page = customer.get(link)
    assert page.status_code == 200
    for words in (sent.code, "Wolverton Wrestling Club", "Home jersey", "$240.00"):
        assert words in page.text
    assert 'id="rail"' not in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert page.headers["Cache-Control"] == "no-store"


def test_opening_it_changes_nothing(customer: Visitor, link: str, session: Session, sent: Offer):
    before = present(session, sent.code).updated_at
    for _ in range(3):
        customer.get(link)
    quote = present(session, sent.code)
    assert (quote.status, quote.updated_at) == ("sent", before)
    assert session.query(QuoteDecision).count() == 0


def test_only_a_hash_of_the_link_is_kept(session: Session, link: str):
    kept = session.query(CustomerLink).one()
    token = link.removeprefix("/l/")
    assert kept.token_hash == token_hash(token)
    assert token.encode() not in kept.token_hash


def test_accepting_keeps_name_time_address_browser_and_content(
    customer: Visitor, link: str, session: Session, sent: Offer
):
    seen = sent_hash(session)
    assert decide(customer, link, seen).status_code == 303
    made = session.query(QuoteDecision).one()
    assert (made.decision, made.name, made.content_hash) == ("accepted", "Ann", seen)
    assert made.address == "127.0.0.1"
    assert made.user_agent == "Phone/1"
    assert now() - made.decided_at < timedelta(minutes=1)
    assert present(session, sent.code).status == "accepted"
    assert "Accepted by Ann" in customer.get(link).text


def test_a_double_click_is_one_acceptance(customer: Visitor, link: str, session: Session):
    seen = sent_hash(session)
    assert [decide(customer, link, seen).status_code for _ in range(2)] == [303, 303]
    assert session.query(QuoteDecision).count() == 1


def test_what_was_accepted_cannot_be_declined_after_that(
    customer: Visitor, link: str, session: Session
):
    decide(customer, link, sent_hash(session))
    answer = decide(customer, link, sent_hash(session), "rejected", "Bob")
    assert answer.status_code == 409
    assert "The quote was accepted by Ann already." in answer.text


def test_declining_needs_a_name_and_keeps_the_remark(
    customer: Visitor, link: str, session: Session, sent: Offer
):
    answer = decide(customer, link, sent_hash(session), "rejected", " ")
    assert answer.status_code == 422
    assert "Type your name" in answer.text
    assert decide(customer, link, sent_hash(session), "rejected").status_code == 303
    assert present(session, sent.code).status == "rejected"


def test_an_offer_that_changed_meanwhile_is_shown_anew_and_not_accepted(
    rep: Visitor, customer: Visitor, link: str, session: Session, sent: Offer
):
    seen = sent_hash(session)
    step(rep, session, sent.code, "revise")
    answer = decide(customer, link, seen)
    assert answer.status_code == 409
    assert "The offer is being changed." in answer.text
    rep.post(f"{sent.url}/lines", {sent.cell("Navy", "M"): "20"})
    step(rep, session, sent.code, "send")
    answer = decide(customer, link, seen)
    assert answer.status_code == 409
    assert "The offer has changed since you opened it." in answer.text
    assert "<ins>20</ins>" in answer.text
    assert session.query(QuoteDecision).count() == 0
    assert decide(customer, link, sent_hash(session)).status_code == 303


def test_an_edit_after_the_acceptance_voids_it_and_shows_what_is_new(
    rep: Visitor, customer: Visitor, link: str, session: Session, sent: Offer
):
    decide(customer, link, sent_hash(session))
    step(rep, session, sent.code, "revise")
    assert "Accepted by Ann" not in customer.get(link).text
    rep.post(f"{sent.url}/lines", {sent.cell("Navy", "M"): "13"})
    step(rep, session, sent.code, "send")
    page = customer.get(link).text
    assert "What is new in revision 2" in page
    assert "Accept the quote" in page


def test_an_expired_offer_is_not_accepted(
    customer: Visitor, link: str, session: Session, sent: Offer
):
    seen = sent_hash(session)
    present(session, sent.code).valid_until = date(2020, 1, 1)
    session.commit()
    assert "This offer ended on Jan 1, 2020." in customer.get(link).text
    answer = decide(customer, link, seen)
    assert answer.status_code == 409
    assert session.query(QuoteDecision).count() == 0


def test_a_revoked_or_expired_link_opens_nothing(
    rep: Visitor, customer: Visitor, link: str, session: Session, sent: Offer
):
    found = session.query(CustomerLink).one()
    assert rep.post(f"{sent.url}/links/{found.id}/revoke").status_code == 303
    answer = customer.get(link)
    assert answer.status_code == 404
    assert "Ask your salesperson for a new one." in answer.text
    session.rollback()
    found = session.query(CustomerLink).one()
    found.revoked_at, found.expires_at = None, now() - timedelta(seconds=1)
    session.commit()
    assert customer.get(link).status_code == 404
    assert decide(customer, link, "x").status_code == 404


@pytest.mark.parametrize("token", ["x", "a.b", "%00", "A" * 3000, "../etc"])
def test_a_token_that_nobody_signed_opens_nothing(customer: Visitor, token: str):
    assert customer.get(f"/l/{token}").status_code in (404, 414)


def test_a_link_of_another_secret_opens_nothing(app: Flask, customer: Visitor, link: str):
    before = app.secret_key
    app.secret_key = "another"
    try:
        assert customer.get(link).status_code == 404
    finally:
        app.secret_key = before


def test_a_quote_that_was_not_sent_gets_no_link(rep: Visitor, session: Session, offer: Offer):
    answer = rep.post(f"{offer.url}/links", {"days": "30"})
    assert answer.status_code == 409
    assert rep.post(f"{offer.url}/links", {"days": "9999"}).status_code == 422
    assert session.query(CustomerLink).count() == 0


def test_a_link_revoked_while_the_decision_waited_decides_nothing(
    customer: Visitor, link: str, session: Session, sent: Offer
):
    seen = sent_hash(session)
    session.execute(text("SELECT 1 FROM quotes FOR UPDATE"))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lambda: decide(customer, link, seen))
        sleep(0.5)
        session.query(CustomerLink).one().revoked_at = now()
        session.commit()
        assert waiting.result().status_code == 404
    assert session.query(QuoteDecision).count() == 0


def test_a_quote_that_is_an_order_is_not_declined(
    rep: Visitor, customer: Visitor, link: str, session: Session, sent: Offer
):
    seen = sent_hash(session)
    rep.post(f"{sent.url}/order")
    assert "This offer is an order now." in customer.get(link).text
    assert decide(customer, link, seen, "rejected").status_code == 409
    quote = present(session, sent.code)
    quote.valid_until = date(2020, 1, 1)
    session.commit()
    assert present(session, sent.code).stage == "sent"


@pytest.mark.parametrize("tail", ["/decision", "/", "/pdf/x"])
def test_the_token_is_in_no_log_line(
    customer: Visitor, link: str, tail: str, caplog: pytest.LogCaptureFixture
):
    customer.get(link + tail)
    token = link.removeprefix("/l/")
    assert token not in caplog.text
    assert token not in str([record.__dict__ for record in caplog.records])


def test_the_address_of_the_form_leads_to_the_offer(customer: Visitor, link: str):
    assert customer.get(f"{link}/decision").location == link


def test_the_decision_reaches_the_salesperson(
    customer: Visitor, link: str, session: Session, rep: Visitor, sent: Offer
):
    decide(customer, link, sent_hash(session), name="Ann Coach")
    words = f"{sent.code} (Wolverton Wrestling Club) was accepted by Ann Coach"
    assert words in rep.get("/notifications").text
    mail = session.query(OutboxMail).filter_by(template="quote_accepted").one()
    assert (mail.recipient, mail.subject) == ("rep@house.example", words)
    assert sent.url in mail.body


def test_a_form_sent_twice_makes_one_link_and_one_mail(
    rep: Visitor, session: Session, cast: Cast, sent: Offer
):
    present(session, sent.code).contact_id = cast.contact
    session.get_one(Contact, cast.contact).email = "coach@wolverton.example"
    session.commit()
    form = {"key": str(uuid4()), "days": "30"}
    for asked in (form, form | {"mail": "y"}):
        first, second = (rep.post(f"{sent.url}/links", asked) for _ in range(2))
        assert (first.status_code, second.status_code) == (200, 200)
        assert link_in(first.text) == link_in(second.text) != "/l/"
    assert session.query(CustomerLink).count() == 2
    assert session.query(OutboxMail).filter_by(template="quote_sent").count() == 1


def test_a_form_whose_link_was_revoked_does_not_show_it_as_good(
    rep: Visitor, session: Session, sent: Offer
):
    form = {"key": str(uuid4()), "days": "30"}
    rep.post(f"{sent.url}/links", form)
    link = session.query(CustomerLink).one()
    rep.post(f"{sent.url}/links/{link.id}/revoke")
    again = rep.post(f"{sent.url}/links", form)
    assert again.status_code == 409
    assert "no longer good" in again.text


def test_a_link_is_mailed_to_the_contact_in_the_step_that_makes_it(
    rep: Visitor, session: Session, cast: Cast, sent: Offer, customer: Visitor, work: Work
):
    refused = rep.post(f"{sent.url}/links", {"days": "30", "mail": "y"})
    assert refused.status_code == 422
    assert "no contact with an e-mail address, or an archived one" in refused.text
    assert session.query(CustomerLink).count() == 0
    session.get_one(Contact, cast.contact).email = "coach@wolverton.example"
    present(session, sent.code).contact_id = cast.contact
    session.get_one(Contact, cast.contact).email = "coach@wolverton.example"
    session.commit()
    assert "Mail a link" in rep.get(sent.url).text
    page = rep.post(f"{sent.url}/links", {"days": "30", "mail": "y"}).text
    assert "It is on its way to coach@wolverton.example." in page
    mail = session.query(OutboxMail).filter_by(template="quote_sent").one()
    assert mail.is_secret
    address = mail.body.partition("/l/")[2].split()[0]
    assert customer.get(f"/l/{address}").status_code == 200
    assert work() == 1
    session.refresh(mail)
    assert mail.state == "kept"
