"""An order from a mail or a file: proposed in the paste preview, written only when accepted."""

import io
import threading
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy.orm import Session

from tests.drafts import Draft
from tests.pictures import png
from tests.standins.gemini import Gemini, refusal, written
from tests.standins.server import Reply
from tests.visitor import Visitor
from wholesale.assistant.files import read_file
from wholesale.assistant.models import AssistantCall
from wholesale.orders.models import Order, OrderLine

MAIL = """Hi Rita, please send us
twelve of the home jersey in navy, size M, and 3 red ones in XXL.
And 5 umbrellas. Thanks, Coach (coach@club.example, +1 555 010 7788)"""


def row(product: str, colour: str, size: str, units: int, words: str) -> dict[str, Any]:
    """Return one row as the model writes it."""
    return {"product": product, "colour": colour, "size": size, "units": units, "words": words}


NAVY = row("home jersey", "navy", "M", 12, "twelve of the home jersey in navy, size M")
ROWS = {
    "rows": [
        NAVY,
        row("home jersey", "red", "XXL", 3, "3 red ones in XXL"),
        row("umbrella", "", "", 5, "5 umbrellas"),
    ]
}


def propose(rep: Visitor, draft: Draft, text: str = MAIL, file: tuple | None = None, **kwargs: Any):
    """Send the form of a mail or a file."""
    data: dict[str, Any] = {"text": text} | ({"file": file} if file else {})
    return rep.post(f"/orders/{draft.ref}/paste/proposal", data, **kwargs)


def quantities(session: Session) -> dict[str, dict[str, int]]:
    """Return the order's quantities by variant code, of rows that have any."""
    session.rollback()
    return {li.variant.code: li.quantities for li in session.query(OrderLine) if li.quantities}


def asked(session: Session) -> AssistantCall:
    """Return what was written down of the only question."""
    session.rollback()
    return session.query(AssistantCall).one()


def test_a_mail_becomes_proposed_rows_with_their_words(
    gemini: Gemini, rep: Visitor, draft: Draft, session: Session
):
    gemini.says = ROWS
    answer = propose(rep, draft)
    assert "2 of 3 rows are ready, 15 units" in answer.text
    assert "“twelve of the home jersey in navy, size M”" in answer.text
    assert "JRS-1 Home jersey, Red" in answer.text
    assert "No product or colour is called “umbrella”." in answer.text
    assert quantities(session) == {}
    assert "twelve of the home jersey" in gemini.prompt


def test_accepting_is_the_preview_s_own_and_words_stay(
    gemini: Gemini, rep: Visitor, draft: Draft, session: Session
):
    gemini.says = ROWS
    preview = propose(rep, draft).text
    sources = preview.split('name="sources" type="hidden" value="')[1].split('"')[0]
    fields = {
        "rows": "home jersey navy\tM\t12\numbrella\t\t5",
        "sources": sources.replace("&#34;", '"'),
        "lines_version": str(session.query(Order).one().lines_version),
        "then": "add",
    }
    answer = rep.post(f"/orders/{draft.ref}/paste", fields)
    assert "1 row is added." in answer.text
    assert quantities(session) == {"JRS-1-NAVY": {"M": 12}}
    assert "“5 umbrellas”" in answer.text


def test_sources_that_cannot_be_read_are_none(rep: Visitor, draft: Draft):
    for sources in ("[[[", "[1]", '{"JRS-1-NAVY M 12": {"a": 1}}', '"x"'):
        fields = {"rows": "JRS-1-NAVY M 12", "sources": sources}
        assert "1 of 1 row is ready" in rep.post(f"/orders/{draft.ref}/paste", fields).text


def test_words_that_the_mail_does_not_have_are_not_shown_as_its_own(
    gemini: Gemini, rep: Visitor, draft: Draft
):
    gemini.says = {"rows": [NAVY, row("home jersey", "red", "S", 99, "99 red in S, please")]}
    answer = propose(rep, draft)
    assert "“99 red in S, please”" not in answer.text
    assert answer.text.count("No words of the mail show this.") == 1


def test_a_spreadsheet_is_sent_as_text(gemini: Gemini, rep: Visitor, draft: Draft):
    gemini.says = {"rows": [row("JRS-1", "Navy", "M", 12, "JRS-1 Navy M 12")]}
    book = Workbook()
    book.active.append(["JRS-1", "Navy", "M", 12])
    stream = io.BytesIO()
    book.save(stream)
    answer = propose(rep, draft, "", (io.BytesIO(stream.getvalue()), "order.pdf"))
    assert "“JRS-1 Navy M 12”" in answer.text
    assert gemini.files == []
    assert "JRS-1\tNavy\tM\t12" in gemini.prompt


@pytest.mark.parametrize(
    ("data", "kind"),
    [(png(40, 30), "image/jpeg"), (b"%PDF-1.7\n%order\n%%EOF", "application/pdf")],
    ids=["photo", "pdf"],
)
def test_a_photo_or_a_pdf_goes_along(
    gemini: Gemini, rep: Visitor, draft: Draft, session: Session, data: bytes, kind: str
):
    gemini.says = ROWS
    answer = propose(rep, draft, "", (io.BytesIO(data), "order.txt"))
    assert "2 of 3 rows are ready" in answer.text
    assert [file["mimeType"] for file in gemini.files] == [kind]
    assert f"[{kind}, " in asked(session).prompt


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"MZ\x90\x00" + bytes(200), "This kind of file cannot be read."),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "This picture is damaged."),
        (b"PK\x03\x04" + bytes(50), "This workbook is damaged."),
        (b"x" * 100_001, "This is longer than 100,000 characters."),
        (b"%PDF-" + bytes(10 * 1024 * 1024), "A file has 10 MB at most."),
    ],
)
def test_a_file_that_cannot_be_read_is_said_and_not_sent(
    gemini: Gemini, rep: Visitor, draft: Draft, data: bytes, words: str
):
    answer = propose(rep, draft, "Please see attachment", (io.BytesIO(data), "order.pdf"))
    assert answer.status_code == 422
    assert words in answer.text
    assert "Please see attachment" in answer.text
    assert gemini.calls == []


def test_a_body_far_too_large_is_refused(gemini: Gemini, rep: Visitor, draft: Draft):
    answer = propose(rep, draft, "", (io.BytesIO(bytes(12 * 1024 * 1024)), "order.pdf"))
    assert answer.status_code == 413
    assert "10 MB at most" in answer.text


def test_nothing_to_read(gemini: Gemini, rep: Visitor, draft: Draft):
    answer = propose(rep, draft, "  ")
    assert answer.status_code == 422
    assert "Paste a mail, or choose a file." in answer.text


def test_a_mail_that_orders_nothing(gemini: Gemini, rep: Visitor, draft: Draft):
    gemini.says = {"rows": []}
    answer = propose(rep, draft)
    assert answer.status_code == 422
    assert "No order was found in this." in answer.text
    assert "twelve of the home jersey" in answer.text


@pytest.mark.parametrize(
    ("reply", "words", "outcome"),
    [
        (written("<h1>Gladly!</h1><script>alert(1)</script>"), "could not be read", "garbage"),
        (written("[]"), "could not be read", "garbage"),
        (written('{"rows": "\\ud800"}'), "could not be read", "garbage"),
        (written('{"rows": [{"product": "x"}]}'), "could not be read", "garbage"),
        (written('{"rows": [], "sql": "DROP TABLE orders"}'), "could not be read", "garbage"),
        (Reply(200, b"<html>proxy</html>"), "could not be read", "garbage"),
        (written(""), "gave no answer", "empty"),
        (written("x" * 10_000_000), "was too long", "too_large"),
        (refusal(400, "INVALID_ARGUMENT", "API key not valid."), "accept our key", "wrong_key"),
        (refusal(404, "NOT_FOUND", "No such model."), "refused this question", "refused"),
    ],
)
def test_an_answer_that_cannot_be_used(
    gemini: Gemini,
    rep: Visitor,
    draft: Draft,
    session: Session,
    capsys: pytest.CaptureFixture[str],
    reply: Reply,
    words: str,
    outcome: str,
):
    gemini.fail(reply)
    answer = propose(rep, draft)
    assert answer.status_code == 503
    assert words in answer.text
    assert "nothing was lost" in answer.text
    assert "twelve of the home jersey" in answer.text  # what was pasted stays
    assert "<script>alert" not in answer.text
    assert asked(session).outcome == outcome
    line = next(line for line in capsys.readouterr().out.splitlines() if "assistant call" in line)
    assert f"outcome={outcome}" in line
    assert "jersey" not in line


@pytest.mark.parametrize(
    ("reply", "words", "outcome"),
    [
        (refusal(429, "RESOURCE_EXHAUSTED", "Quota."), "too much to do", "limited"),
        (Reply(500, b""), "cannot be reached", "unavailable"),
        (Reply(cut=True), "cannot be reached", "unavailable"),
    ],
)
def test_a_service_in_trouble(
    gemini: Gemini,
    rep: Visitor,
    draft: Draft,
    session: Session,
    reply: Reply,
    words: str,
    outcome: str,
):
    gemini.fail(*[reply] * 3)
    answer = propose(rep, draft)
    assert answer.status_code == 503
    assert words in answer.text
    assert len(gemini.calls) == 3
    assert (asked(session).outcome, asked(session).tokens) == (outcome, 0)


def test_an_answer_that_does_not_come(
    gemini: Gemini, rep: Visitor, draft: Draft, session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("wholesale.assistant.gemini.SECONDS", 0.3)
    gemini.delay = 2
    answer = propose(rep, draft)
    assert "The assistant took too long." in answer.text
    assert asked(session).outcome == "timed_out"


def test_more_questions_at_once_than_pages_can_spare(
    gemini: Gemini, rep: Visitor, draft: Draft, session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("wholesale.assistant.routes.asking._places", threading.Semaphore(0))
    answer = propose(rep, draft)
    assert answer.status_code == 503
    assert "Try again in a minute" in answer.text
    assert (gemini.calls, asked(session).tokens) == ([], 0)


def test_a_fault_of_ours_is_no_answer(
    gemini: Gemini, rep: Visitor, draft: Draft, session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("wholesale.assistant.gemini.TRIES", 0)  # nothing is asked, nothing answers
    assert propose(rep, draft).status_code == 500
    assert asked(session).outcome == "failed"
    assert asked(session).error == "AssertionError"


def test_a_closed_order_takes_no_proposal(
    gemini: Gemini, rep: Visitor, placed: str, session: Session
):
    session.query(Order).update({"status": "cancelled"})
    session.commit()
    answer = rep.post(f"/orders/{placed}/paste/proposal", {"text": MAIL})
    assert answer.status_code == 409
    assert gemini.calls == []


def test_without_a_key_no_page_offers_it_and_the_address_says_so(
    app: Flask, rep: Visitor, draft: Draft, session: Session
):
    assert "From a mail or file" not in rep.get(f"/orders/{draft.ref}/paste").text
    answer = propose(rep, draft)
    assert answer.status_code == 409
    assert "Everything works without it." in answer.text
    assert session.query(AssistantCall).count() == 0


def test_with_a_key_the_page_offers_it(gemini: Gemini, rep: Visitor, draft: Draft):
    page = rep.get(f"/orders/{draft.ref}/paste").text
    assert f"/orders/{draft.ref}/paste/proposal" in page
    assert "Propose rows" in rep.get(f"/orders/{draft.ref}/paste/proposal").text


def test_a_workbook_that_repeats_one_long_text_is_not_unfolded():
    book = Workbook()
    for _ in range(20):
        book.active.append(["X" * 5_000] * 40)
    data = io.BytesIO()
    book.save(data)
    with pytest.raises(ValueError, match="longer than"):
        read_file(data.getvalue())
