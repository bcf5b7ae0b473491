"""Writes of quotes: begin, copy, send, revise, decide, delete."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.audit.recording import note
from wholesale.core.clock import now, today
from wholesale.core.codes import next_code
from wholesale.core.errors import DomainError, Invalid
from wholesale.customers.models import Organization
from wholesale.lines.beginning import begin
from wholesale.lines.carrying import COPIED, copy_columns
from wholesale.lines.copying import copy_lines
from wholesale.lines.queries import lines_of
from wholesale.quotes.content import content_hash, content_of
from wholesale.quotes.models import Quote, QuoteDecision, QuoteRevision
from wholesale.quotes.notices import tell_decision
from wholesale.quotes.queries import latest_revision, standing_decision
from wholesale.quotes.workflow import BY_NAME, QuoteStatus

VALID_DAYS = 30


def begin_quote(session: Session, organization: Organization, key: UUID, by: User) -> Quote:
    """Return a new quote for ``organization``, or the one this form (``key``) began before.

    It is valid for 30 days and has the customer's payment terms. Raises Invalid for an
    archived customer, or a form that began something else.
    """
    found = session.scalar(select(Quote).where(Quote.entry_key == key))
    values: dict[str, Any] = {}
    if found is None:
        values["code"] = next_code(session, "Q")
        values["terms"] = organization.payment_terms or ""
        values["valid_until"] = today(by.time_zone) + timedelta(days=VALID_DAYS)
    else:
        values["code"] = found.code
    begun: Quote = begin(session, Quote, organization, key, by, **values)
    return begun


def copy_quote(session: Session, source: Quote, key: UUID, by: User) -> Quote:
    """Return a new quote with the rows of ``source`` at today's prices, or this form's."""
    quote = begin_quote(session, source.organization, key, by)
    if not quote.copied and not quote.lines_version:
        copy_columns(source, quote, (*COPIED, "terms", "internal_notes"))
        session.flush()
        copy_lines(session, source, quote, today(by.time_zone))
    return quote


def send(session: Session, quote: Quote, by: User, currency: str) -> QuoteRevision:
    """Freeze what the quote says as its revision and call it sent; its row is locked by then.

    Raises DomainError when there is nothing to offer, the last day is over, or something was
    archived meanwhile.
    """
    _refuse(quote, "send")
    lines = lines_of(session, quote)
    _refuse_unsendable(quote, [line for line in lines if line.qty_total])
    content = content_of(quote, lines, currency)
    quote.status, quote.sent_at = QuoteStatus.SENT, now()
    revision = QuoteRevision(
        quote_id=quote.id,
        number=quote.revision,
        content=content,
        content_hash=content_hash(content),
        valid_until=quote.valid_until,
        sent_at=quote.sent_at,
        sent_by_id=by.id,
    )
    session.add(revision)
    session.flush()
    return revision


def _refuse_unsendable(quote: Quote, offered: list[Any]) -> None:
    if not offered:
        raise DomainError("Enter the units of at least one row before you send the quote.")
    if quote.is_past:
        raise DomainError("The quote's last day is over. Set a later day under Details.")
    if quote.organization.is_archived:
        raise DomainError(f"{quote.organization.name} was archived meanwhile.")
    gone = [line for line in offered if line.variant.is_archived or line.product.is_archived]
    if gone:
        names = ", ".join(f"{line.product.name} {line.variant.label}" for line in gone)
        raise DomainError(f"{names}: archived meanwhile. Remove the row and send again.")


def revise(session: Session, quote: Quote) -> None:
    """Open a new revision to write; what was decided of the last one no longer counts.

    The last day moves on when it is over. Raises DomainError for a quote that became an order.
    """
    _refuse(quote, "revise")
    if quote.ordered_at is not None:
        raise DomainError("The quote became an order: change that one.")
    sent = select(QuoteRevision.id).where(QuoteRevision.quote_id == quote.id)
    session.execute(
        update(QuoteDecision)
        .where(QuoteDecision.revision_id.in_(sent), QuoteDecision.voided_at.is_(None))
        .values(voided_at=now())
    )
    quote.status = QuoteStatus.DRAFT
    quote.revision += 1
    if quote.is_past:
        quote.valid_until = now().date() + timedelta(days=VALID_DAYS)


def locked(session: Session, key: int) -> Quote:
    """Return the quote of a customer's link, locked: two decisions at once each see the other."""
    query = select(Quote).where(Quote.id == key).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def decide(
    session: Session, quote: Quote, decision: str, seen_hash: str, **evidence: Any
) -> QuoteDecision:
    """Note that the customer accepted or rejected what was sent; its row is locked by then.

    ``seen_hash`` is the hash of the content that was looked at, ``evidence`` who decided:
    ``name``, ``remark``, ``address``, ``user_agent``, ``link_id``, ``noted_by_id``. The same
    decision a second time returns the first. Raises DomainError when the offer has changed,
    ended, or was decided otherwise.
    """
    revision = latest_revision(session, quote)
    made = standing_decision(session, revision)
    if made is not None and made.decision == decision and made.content_hash == seen_hash:
        return made
    if made is not None:
        raise DomainError(f"The quote was {made.decision} by {made.name} already.")
    if quote.ordered_at is not None:
        raise DomainError("The quote is an order already. Talk to your salesperson.")
    if quote.stage is QuoteStatus.EXPIRED:
        raise DomainError("The offer has expired. Ask for a new one.")
    if revision is None or quote.status != QuoteStatus.SENT:
        raise DomainError("The offer is being changed. You will get a new one.")
    if revision.content_hash != seen_hash:
        raise DomainError("The offer has changed since you opened it. Look at what is new.")
    if not evidence.get("name", "").strip():
        raise Invalid("Type your name.", name="Type your name: it stands for your signature.")
    made = QuoteDecision(
        revision=revision, decision=decision, content_hash=seen_hash, decided_at=now(), **evidence
    )
    quote.status = decision
    session.add(made)
    session.flush()
    note(session, decision, "quotes", quote.id, revision=revision.number, name=made.name)
    tell_decision(session, quote, made)
    return made


def make_usual(session: Session, quote: Quote, *, usual: bool) -> None:
    """Make the quote what its customer usually orders, in place of another, or no longer."""
    if usual:
        # Of two at once, one waits and then sees the other's.
        customer = select(Organization.id).where(Organization.id == quote.organization_id)
        session.execute(customer.with_for_update())
        others = select(Quote).where(
            Quote.organization_id == quote.organization_id, Quote.is_usual, Quote.id != quote.id
        )
        for other in session.scalars(others.with_for_update()):
            other.is_usual = False
        session.flush()
    quote.is_usual = usual


def delete_quote(session: Session, quote: Quote) -> None:
    """Delete a quote that was never sent. Raises DomainError for one that was."""
    if quote.sent_at is not None:
        raise DomainError(f"{quote.code} was sent; it can no longer be deleted.")
    session.delete(quote)


def _refuse(quote: Quote, name: str) -> None:
    """Raise DomainError when the step does not start at the quote's status."""
    step = BY_NAME[name]
    if quote.stage not in step.sources:
        raise DomainError(f"The quote is {quote.stage.label.lower()} by now.")
