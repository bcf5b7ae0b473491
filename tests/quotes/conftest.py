"""Fixtures of quotes: one being written, the same one sent, and the customer's link to it."""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.visitor import Visitor
from wholesale.quotes.models import Quote, QuoteLine, QuoteRevision


@dataclass
class Offer:
    """A quote of the rep for the wrestling club: its code, and its lines' keys by colour."""

    code: str
    lines: dict[str, int]

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"/quotes/{self.code}"

    def cell(self, colour: str, size: str) -> str:
        """Return the field name of one cell."""
        return f"q.{self.lines[colour]}.{size}"


def present(session: Session, code: str) -> Quote:
    """Return the quote as the database holds it now."""
    session.rollback()
    session.expire_all()
    return session.scalars(select(Quote).where(Quote.code == code)).one()


def step(rep: Visitor, session: Session, code: str, step_name: str, **more: str):
    """Take a step from the status the quote is in."""
    quote = present(session, code)
    form = {"step": step_name, "seen": quote.state, **more}
    return rep.post(f"/quotes/{code}/steps", form)


def sent_hash(session: Session) -> str:
    """Return the hash of what was sent last."""
    session.rollback()
    query = select(QuoteRevision.content_hash).order_by(QuoteRevision.number.desc())
    return str(session.scalar(query.limit(1)))


@pytest.fixture
def offer(rep: Visitor, session: Session, cast: Cast) -> Offer:
    """A quote of twelve navy jerseys in M, not sent yet."""
    rep.post("/quotes/new", {"organization_id": cast.organization, "key": str(uuid4())})
    quote = session.query(Quote).one()
    rep.post(f"/quotes/{quote.code}/products", {"product_id": cast.product})
    lines = session.query(QuoteLine).order_by(QuoteLine.position)
    made = Offer(quote.code, {line.variant.colour: line.id for line in lines})
    rep.post(f"{made.url}/lines", {made.cell("Navy", "M"): "12"})
    return made


@pytest.fixture
def sent(rep: Visitor, session: Session, offer: Offer) -> Offer:
    """The quote, sent to the customer."""
    assert step(rep, session, offer.code, "send").status_code == 303
    return offer


@pytest.fixture
def link(rep: Visitor, sent: Offer) -> str:
    """The path of a customer's link to the quote that was sent."""
    return link_in(rep.post(f"{sent.url}/links", {"days": "30"}).text)


def link_in(page: str) -> str:
    """Return the path of the link that a page shows to be copied."""
    return "/l/" + page.partition('value="http')[2].partition('"')[0].partition("/l/")[2]
