"""A quote on paper: the page to print, of a draft or as it was sent, and the PDF."""

from io import BytesIO
from typing import Any

from flask import current_app, make_response, render_template, request, send_file, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.extensions import db
from wholesale.lines.queries import lines_of
from wholesale.quotes import blueprint, documents, press, queries
from wholesale.quotes.content import content_of
from wholesale.quotes.models import Quote, QuoteRevision
from wholesale.web.pages import Answer

SECONDS = 2


@blueprint.get("/quotes/<ref>/print")
@require("quotes:read")
def quote_print(ref: str) -> Answer:
    """Show what the quote's draft would say now, or what was sent last, for printing."""
    found = queries.quote(db.session, current_user, ref)
    sent = None if found.is_draft else queries.latest_revision(db.session, found)
    if sent is not None:
        return print_page(found, sent.content, sent)
    content = content_of(found, lines_of(db.session, found), current_app.config["CURRENCY"])
    return print_page(found, content)


@blueprint.get("/quotes/<ref>/revisions/<key:number>")
@require("quotes:read")
def revision(ref: str, number: int) -> Answer:
    """Show what was sent as one revision, word by word, for printing."""
    found = queries.quote(db.session, current_user, ref)
    sent = queries.revision(db.session, found, number)
    return print_page(found, sent.content, sent)


@blueprint.get("/quotes/<ref>/revisions/<key:number>/pdf")
@require("quotes:read")
def revision_pdf(ref: str, number: int) -> Answer:
    """Answer with what was sent as a PDF, or with a page that waits for it."""
    found = queries.quote(db.session, current_user, ref)
    sent = queries.revision(db.session, found, number)
    here = url_for("quotes.revision", ref=found.ref, number=number)
    return pdf_answer(sent.content, sent.content_hash, pdf_name(sent), here)


def pdf_name(sent: QuoteRevision) -> str:
    """Return what the PDF of a revision is called when it is saved."""
    return f"{sent.content['code']}-rev-{sent.number}.pdf"


def print_page(quote: Quote, content: dict[str, Any], sent: QuoteRevision | None = None) -> Answer:
    """Answer with the page to print: without ``sent`` it says that it is a draft."""
    pdf = url_for("quotes.revision_pdf", ref=quote.ref, number=sent.number) if sent else ""
    back = f"/quotes/{quote.ref}"
    return render_template("quotes/print.html", content=content, sent=sent, pdf=pdf, back=back)


def pdf_answer(content: dict[str, Any], content_hash: str, filename: str, print_url: str) -> Answer:
    """Answer with the PDF of ``content``; while it is being made, with a page that asks again.

    Where PDFs cannot be made the page says so. Either page leads to ``print_url``.
    """
    kept = documents.pdf_of(db.session, content_hash)
    if kept is not None:
        answer = send_file(
            BytesIO(kept), "application/pdf", download_name=filename, etag=content_hash
        )
        answer.cache_control.private = True
        return answer
    can_make = documents.is_available()
    words = {"code": content["code"], "print_url": print_url, "can_make": can_make}
    waiting = make_response(
        render_template("quotes/waiting.html", **words), 202 if can_make else 200
    )
    if can_make:
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        press.begin_pdf(app, content, content_hash)
        waiting.headers["Refresh"] = f"{SECONDS}; url={request.path}"
    return waiting
