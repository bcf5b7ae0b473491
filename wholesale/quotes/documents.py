"""The quote as a document: the offer's page from its content, and the PDF made of that page."""

import logging
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import structlog
from babel.numbers import get_currency_symbol
from flask import render_template
from PIL import ImageFile
from sqlalchemy import select
from sqlalchemy.orm import Session

from wholesale.quotes import blueprint
from wholesale.quotes.models import QuoteDocument
from wholesale.web.filters import LOCALE, amount, day, percent

log = structlog.get_logger("documents")
STATIC = Path(__file__).resolve().parent.parent / "static"
SHEETS = ("paper.css", "offer.css")
# Who counts in these prints on Letter; everybody else on A4.
LETTER = {"USD", "CAD", "MXN"}
# They tell every step of every document, and what of our style sheets is for browsers only.
for name in ("weasyprint", "fontTools"):
    logging.getLogger(name).setLevel(logging.ERROR)
PAGE = "@page {{ size: {} }}"


@blueprint.app_template_filter("priced")
def priced(text: str, currency: str) -> str:
    """Print a content's amount with the content's own currency: ``$1,234.50``."""
    symbol = get_currency_symbol(currency, locale=LOCALE)
    return f"{symbol}{' ' if symbol == currency else ''}{amount(Decimal(text))}"


@blueprint.app_template_filter("plain_amount")
def plain_amount(text: str) -> str:
    """Print a content's amount for a column that names its currency once: ``1,234.50``."""
    return amount(Decimal(text))


@blueprint.app_template_filter("plain_percent")
def plain_percent(text: str) -> str:
    """Print a content's percentage without idle zeros; nothing for none."""
    return percent(Decimal(text)) if Decimal(text) else ""


@blueprint.app_template_filter("iso_day")
def iso_day(text: str) -> str:
    """Print a content's day: ``Nov 24, 2026``; nothing for none."""
    return day(date.fromisoformat(text)) if text else ""


@blueprint.app_template_filter("dearer_throughout")
def dearer_throughout(style: dict[str, Any]) -> dict[str, str]:
    """Return a style's dearer sizes with their prices where all its rows agree, else nothing."""
    found: dict[str, str] = {}
    for row in style["rows"]:
        if row["unit_price"] != style["rows"][0]["unit_price"]:
            return {}
        if any(found.setdefault(size, price) != price for size, price in row["dearer"].items()):
            return {}
    return found


def render_offer(content: dict[str, Any]) -> str:
    """Return a whole page that holds nothing but the offer, for paper."""
    return render_template("quotes/paper.html", content=content)


def pdf_of(session: Session, content_hash: str) -> bytes | None:
    """Return the PDF that is kept for a content, or None when it was not made yet."""
    query = select(QuoteDocument.pdf).where(QuoteDocument.content_hash == content_hash)
    return session.scalar(query)


def load_library() -> None:
    """Import what makes PDFs: late, since it is slow and needs native libraries.

    It lets the whole process read pictures that were cut off; uploads have to be refused still.
    Raises OSError without the native libraries.
    """
    import weasyprint  # noqa: F401

    ImageFile.LOAD_TRUNCATED_IMAGES = False


@cache
def is_available() -> bool:
    """Tell whether PDFs can be made here: the native libraries they need can be loaded."""
    try:
        load_library()
    except (OSError, ImportError) as error:
        log.warning("no PDFs: libpango is missing", error=str(error))
        return False
    return True


def pdf_from(content: dict[str, Any]) -> bytes:
    """Make the PDF of ``content``. Takes seconds when it is long: not for a request."""
    load_library()
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts, fetcher = FontConfiguration(), own_files()
    sheets = [
        CSS(filename=STATIC / "css" / name, font_config=fonts, url_fetcher=fetcher)
        for name in SHEETS
    ]
    size = "letter" if content["currency"] in LETTER else "A4"
    sheets.append(CSS(string=PAGE.format(size), url_fetcher=fetcher))
    page = HTML(string=render_offer(content), url_fetcher=fetcher)
    made: bytes = page.write_pdf(stylesheets=sheets, font_config=fonts, pdf_tags=True)
    return made


def own_files() -> Any:
    """Return what fetches a document's addresses: our own style sheets and fonts, nothing else."""
    load_library()
    from weasyprint.urls import URLFetcher

    class OwnFiles(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            parts = urlsplit(url)
            path = Path(url2pathname(parts.path)).resolve()
            inside = any(path.is_relative_to(STATIC / folder) for folder in ("css", "fonts"))
            if parts.scheme != "file" or parts.netloc or not inside:
                raise ValueError("A document loads nothing from elsewhere.")
            return super().fetch(url, headers)

    return OwnFiles(allowed_protocols=["file"], allow_redirects=False)
