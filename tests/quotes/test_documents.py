"""A quote on paper: the page to print, what was sent and stays as it was, and the PDF."""

import re
import zlib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from PIL import ImageFile
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import Cast, add_product
from tests.conftest import Statements
from tests.maintenance.conftest import Maintain, maintain  # noqa: F401 - a fixture
from tests.visitor import Visitor
from wholesale.accounts.models import User
from wholesale.core.clock import today
from wholesale.customers.models import Organization
from wholesale.lines.operations import put_units
from wholesale.quotes import documents, press
from wholesale.quotes.models import Quote, QuoteDocument, QuoteRevision
from wholesale.quotes.operations import begin_quote, revise, send

pdf = pytest.mark.skipif(
    not documents.is_available(), reason="PDFs need libpango-1.0-0 and libpangoft2-1.0-0"
)


@pytest.fixture
def draft(session: Session, cast: Cast) -> Quote:
    """The rep's quote of navy and red jerseys, two sizes of them dearer, not sent yet."""
    wolves = session.get_one(Organization, cast.organization)
    wolves.street, wolves.city = "12 High Street", "Wolverton"
    quote = begin_quote(session, wolves, uuid4(), session.get_one(User, cast.users["sales"]))
    navy, red = cast.variants["Navy"], cast.variants["Red"]
    units = {navy: {"M": 12, "2XL": 3}, red: {"S": 1000}}
    put_units(session, quote, units, today())
    quote.valid_until, quote.terms = date(2099, 11, 24), "Net 30"
    quote.name = "Spring wear"
    session.commit()
    return quote


@pytest.fixture
def sent(session: Session, cast: Cast, draft: Quote) -> QuoteRevision:
    """The same quote, sent."""
    revision = send(session, draft, session.get_one(User, cast.users["sales"]), "USD")
    session.commit()
    return revision


def words(answer: TestResponse) -> str:
    """Return what a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def address(sent: QuoteRevision, kind: str = "") -> str:
    """Return the address of a revision, or of its PDF."""
    return f"/quotes/{sent.content['code']}/revisions/{sent.number}{kind}"


def pages(made: bytes) -> int:
    """Count the pages of a PDF: its objects lie packed in streams."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL)
    unpacked = [zlib.decompressobj().decompress(part) for part in streams if part.startswith(b"x")]
    return len(re.findall(rb"/Type /Page\b", b"".join([made, *unpacked])))


def test_the_page_says_what_is_offered_to_whom_and_until_when(rep: Visitor, sent: QuoteRevision):
    said = words(rep.get(f"/quotes/{sent.content['code']}/print"))
    for part in (
        sent.content["code"],
        "Wolverton Wrestling Club Coach Carter 12 High Street Wolverton",
        "Your contact Rita Rep rep@house.example",
        "valid until Nov 24, 2099",
        "JRS-1 Home jersey 2XL at 22.00 ",
        "Colour S M 2XL Units Price (USD) Amount (USD)",
        "Navy · 12 3 15 20.00 306.00",
        "Red 1,000 · · 1,000 20.00 20,000.00",
        "Units 1,015 Subtotal $20,306.00 Total $20,306.00",
        "Terms Net 30",
    ):
        assert part in said


def test_discount_tax_and_freight_are_said_where_there_are_some(
    rep: Visitor, session: Session, draft: Quote
):
    draft.discount_percent, draft.tax_percent, draft.freight = 10, 6, 85
    session.commit()
    said = words(rep.get(f"/quotes/{draft.code}/print"))
    assert "Discount 10 % −$2,030.60 Tax 6 % $1,096.52 Freight $85.00 Total $19,456.92" in said


def test_a_dearer_size_is_said_at_the_row_where_rows_differ(
    rep: Visitor, session: Session, draft: Quote
):
    lines = {line.variant.colour: line for line in draft.lines}
    lines["Red"].unit_price = Decimal("18.00")
    session.commit()
    said = words(rep.get(f"/quotes/{draft.code}/print"))
    assert "JRS-1 Home jersey Colour" in said
    assert "Navy · 12 3 15 20.00 2XL: 22.00 306.00" in said


def test_a_draft_says_that_it_is_one_and_follows_every_change(
    rep: Visitor, session: Session, draft: Quote
):
    draft.terms = "Half on order"
    session.commit()
    said = words(rep.get(f"/quotes/{draft.code}/print"))
    assert "Draft: this was not sent" in said
    assert "Half on order" in said
    assert rep.get(f"/quotes/{draft.code}/revisions/1").status_code == 404


def test_an_empty_draft_says_so(rep: Visitor, session: Session, cast: Cast):
    wolves = session.get_one(Organization, cast.organization)
    quote = begin_quote(session, wolves, uuid4(), session.get_one(User, cast.users["sales"]))
    session.commit()
    assert "No rows with units yet." in words(rep.get(f"/quotes/{quote.code}/print"))


def test_what_was_sent_stays_word_by_word(
    rep: Visitor, session: Session, cast: Cast, draft: Quote, sent: QuoteRevision
):
    before = rep.get(address(sent)).text
    session.get_one(Organization, cast.organization).name = "Renamed"
    session.get_one(User, cast.users["sales"]).name = "Somebody Else"
    draft.terms = "Other terms"
    session.commit()
    assert rep.get(f"/quotes/{draft.code}/print").text == before
    revise(session, draft)
    session.commit()
    assert rep.get(address(sent)).text == before
    said = words(rep.get(f"/quotes/{draft.code}/print"))
    assert "Renamed" in said
    assert "Revision 2" in said


def test_hostile_text_is_only_text(rep: Visitor, session: Session, draft: Quote):
    draft.name = "<script>alert(1)</script>"
    draft.terms = '<img src="http://elsewhere.example/x">' + "W" * 3000
    session.commit()
    page = rep.get(f"/quotes/{draft.code}/print").text
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("kind", ["/print", "/revisions/1", "/revisions/1/pdf"])
def test_another_reps_quote_is_not_there(
    visit: Callable[[str], Visitor], sent: QuoteRevision, kind: str
):
    url = f"/quotes/{sent.content['code']}{kind}"
    assert visit("sales2").get(url).status_code == 404
    assert visit("ops").get(url).status_code < 400


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999", "-1", "x"])
def test_a_revision_that_was_not_sent_is_not_there(rep: Visitor, sent: QuoteRevision, number: str):
    url = f"/quotes/{sent.content['code']}/revisions/{number}"
    assert rep.get(url).status_code == rep.get(f"{url}/pdf").status_code == 404


def test_the_statements_do_not_grow_with_the_rows(
    rep: Visitor, session: Session, draft: Quote, statements: Statements
):
    url = f"/quotes/{draft.code}/print"
    rep.get(url)
    with statements:
        rep.get(url)
    few = statements.count
    add_rows(session, draft, styles=3, colours=10)
    statements.count = 0
    with statements:
        assert "Colour 9" in rep.get(url).text
    assert statements.count == few


def test_without_the_library_the_print_page_is_offered(
    rep: Visitor, sent: QuoteRevision, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(documents, "is_available", lambda: False)
    answer = rep.get(address(sent, "/pdf"))
    assert "needs the library libpango" in words(answer)
    assert f'href="{address(sent)}"' in answer.text
    assert "Refresh" not in answer.headers


@pdf
def test_the_first_call_waits_on_a_page_and_the_next_gets_the_pdf(
    rep: Visitor, sent: QuoteRevision
):
    waiting = rep.get(address(sent, "/pdf"))
    assert waiting.status_code == 202
    assert waiting.headers["Refresh"] == f"2; url={address(sent, '/pdf')}"
    assert f'href="{address(sent)}"' in waiting.text
    press.wait()
    answer = rep.get(address(sent, "/pdf"))
    assert answer.mimetype == "application/pdf"
    name = f"{sent.content['code']}-rev-1.pdf"
    assert answer.headers["Content-Disposition"] == f"inline; filename={name}"
    assert answer.cache_control.private
    assert answer.get_etag() == (sent.content_hash, False)
    assert answer.data.startswith(b"%PDF")
    assert pages(answer.data) == 1
    known = {"If-None-Match": f'"{sent.content_hash}"'}
    assert rep.get(address(sent, "/pdf"), headers=known).status_code == 304


@pdf
def test_it_is_made_while_nobody_may_write_and_a_piece_of_it_is_a_read(
    app: Flask,
    rep: Visitor,
    sent: QuoteRevision,
    maintain: Maintain,  # noqa: F811
):
    maintain(read_only=True)
    rep.get(address(sent, "/pdf"))
    press.wait()
    app.extensions["reads"].take()
    piece = rep.get(address(sent, "/pdf"), headers={"Range": "bytes=0-99"})
    assert (piece.status_code, len(piece.data)) == (206, 100)
    (read,) = app.extensions["reads"].take()
    assert (read.kind, read.record) == ("quotes", sent.content["code"])


@pdf
def test_the_same_content_is_made_once(app: Flask, rep: Visitor, session: Session, sent: Any):
    for _ in range(3):
        assert rep.get(address(sent, "/pdf")).status_code in (200, 202)
    press.wait()
    kept = select(QuoteDocument.made_at).where(QuoteDocument.content_hash == sent.content_hash)
    made_at = session.scalar(kept)
    press.begin_pdf(app, sent.content, sent.content_hash)
    press.wait()
    session.rollback()
    assert session.scalar(kept) == made_at
    assert session.scalar(select(func.count()).select_from(QuoteDocument)) == 1


@pdf
def test_a_pdf_that_failed_is_tried_again(app: Flask, session: Session, sent: QuoteRevision):
    press.begin_pdf(app, {"code": "unreadable"}, sent.content_hash)
    press.wait()
    assert documents.pdf_of(session, sent.content_hash) is None
    press.begin_pdf(app, sent.content, sent.content_hash)
    press.wait()
    assert (documents.pdf_of(session, sent.content_hash) or b"").startswith(b"%PDF")


@pdf
def test_two_hundred_rows_fill_pages_in_reasonable_time(
    app: Flask, session: Session, cast: Cast, draft: Quote
):
    add_rows(session, draft, styles=5, colours=40)
    sent = send(session, draft, session.get_one(User, cast.users["sales"]), "EUR")
    with app.app_context():
        began = monotonic()
        made = documents.pdf_from(sent.content)
    assert monotonic() - began < 30
    assert 4 < pages(made) < 30


@pdf
def test_a_document_fetches_nothing_but_our_own_styles():
    fetch = documents.own_files().fetch
    css = (documents.STATIC / "css" / "offer.css").as_uri()
    assert b".offer" in fetch(css).read()
    for url in (
        "http://elsewhere.example/x.css",
        "file:///etc/passwd",
        css.replace("offer.css", "../../config.py"),
        "data:text/css,x",
    ):
        with pytest.raises(ValueError):
            fetch(url)


def add_rows(session: Session, quote: Quote, styles: int, colours: int) -> None:
    """Add rows to ``quote``: ``styles`` new products in as many colours each."""
    for place in range(styles):
        names = [f"Colour {number}" for number in range(colours)]
        product = add_product(session, f"STY-{place}", f"Style {place}", names)
        units = {variant.id: {"S": 1, "M": 2, "3XL": 3} for variant in product.variants}
        put_units(session, quote, units, today())
    session.commit()


def test_making_pdfs_lets_no_cut_off_picture_in():
    documents.is_available.cache_clear()
    documents.is_available()
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
