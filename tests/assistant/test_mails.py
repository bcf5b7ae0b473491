"""A mail to a contact: drafted from what one may see, edited, and sent elsewhere."""

import html
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.standins.gemini import Gemini
from tests.visitor import Visitor
from wholesale.assistant.drafts import mailto, without_links
from wholesale.assistant.models import AssistantCall
from wholesale.customers.models import Contact
from wholesale.mail.models import OutboxMail

DRAFT = {"subject": "Your sizes", "body": "Hello Coach,\n\nwhich sizes, please?\n\nRita Rep"}


@pytest.fixture
def coach(session: Session, cast: Cast) -> int:
    """The key of a contact with an address."""
    session.get_one(Contact, cast.contact).email = "coach@club.example"
    session.commit()
    return cast.contact


def url(cast: Cast) -> str:
    """Return the address of a mail to the wrestling club."""
    return f"/organizations/{cast.organization}/assistant/mail"


def fields(coach: int, **more: Any) -> dict[str, Any]:
    """Return the form of a mail."""
    return {"contact_id": coach, "purpose": "Ask for the sizes", **more}


def link(page: str) -> str:
    """Return the link into the mail program."""
    return html.unescape(page.split('href="mailto:')[1].split('"', maxsplit=1)[0])


def test_a_draft_to_edit(gemini: Gemini, rep: Visitor, cast: Cast, coach: int, session: Session):
    gemini.says = DRAFT
    page = rep.post(url(cast), fields(coach)).text
    assert 'value="Your sizes"' in page
    assert "which sizes, please?" in page
    assert "Coach Carter" in gemini.prompt
    assert "Ask for the sizes" in gemini.prompt
    assert "Rita Rep" in gemini.prompt
    found = urlsplit(f"mailto:{link(page)}")
    assert found.path == "coach@club.example"
    assert parse_qs(found.query)["body"] == [DRAFT["body"].replace("\n", "\r\n")]
    assert session.query(OutboxMail).count() == 0  # nothing is sent


def test_edited_without_javascript(gemini: Gemini, rep: Visitor, cast: Cast, coach: int):
    edited = fields(coach, subject="Sizes?", body="Dear Coach", then="edit")
    page = rep.post(url(cast), edited).text
    assert parse_qs(urlsplit(f"mailto:{link(page)}").query)["subject"] == ["Sizes?"]
    assert gemini.calls == []


def test_a_contact_without_an_address_has_no_link(gemini: Gemini, rep: Visitor, cast: Cast):
    gemini.says = DRAFT
    page = rep.post(url(cast), fields(cast.contact)).text
    assert 'value="Your sizes"' in page
    assert "mailto:" not in page


def test_another_customer_s_contact_is_refused(gemini: Gemini, rep: Visitor, cast: Cast):
    answer = rep.post(url(cast), fields(cast.other_contact))
    assert answer.status_code == 422
    assert gemini.calls == []


def test_a_mail_about_an_order(gemini: Gemini, rep: Visitor, placed: str, coach: int):
    gemini.says = DRAFT
    page = rep.post(f"/orders/{placed}/assistant/mail", fields(coach)).text
    assert 'value="Your sizes"' in page
    assert placed in gemini.prompt


def test_an_answer_that_cannot_be_used_keeps_the_purpose(
    gemini: Gemini, rep: Visitor, cast: Cast, coach: int, session: Session
):
    gemini.says = {"subject": "", "body": ""}
    answer = rep.post(url(cast), fields(coach))
    assert answer.status_code == 503
    assert "Ask for the sizes" in answer.text
    assert session.query(AssistantCall).one().outcome == "garbage"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Pay at https://evil.example/pay now", "Pay at [link left out] now"),
        ("Click javascript:alert(1)", "Click [link left out]"),
        ("See www.evil.example.", "See [link left out]"),
        ("Write to thief@evil.example.", "Write to [link left out]."),
        ("See https://club.example/store.", "See https://club.example/store."),
        ("12 x JRS-1: ratio 3:1", "12 x JRS-1: ratio 3:1"),
    ],
)
def test_links_that_our_records_do_not_have_are_left_out(text: str, kept: str):
    assert without_links(text, "Their shop is https://club.example/store") == kept


@pytest.mark.parametrize(
    "text", ["Pay at acme-pay.example/inv1", "See //evil.example/x", "Go http://club.exampl now"]
)
def test_what_a_mail_program_would_make_a_link_of_is_left_out(text: str):
    left = without_links(text, "Their shop is http://club.example/store")
    assert "[link left out]" in left


def test_words_with_dots_are_no_links():
    text = "We ship e.g. 12 units at 3.50 each, Inc.Ltd or not."
    assert without_links(text, "") == text


def test_an_address_cannot_add_headers():
    made = mailto("a@b.example?bcc=thief@evil.example", "Hi\nBcc: x@y.example", "text & more")
    assert parse_qs(urlsplit(made).query).keys() == {"subject", "body"}
    assert "%0A" not in made.split("&body")[0]


def test_a_text_too_long_for_an_address_is_copied():
    assert "body=" not in mailto("a@b.example", "Hi", "x" * 3000)
