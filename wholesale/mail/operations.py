"""Writes mails into the outbox, from templates, in the transaction that needs them."""

from datetime import datetime
from typing import Any

from flask import render_template
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wholesale.audit.recording import note
from wholesale.core.errors import DomainError
from wholesale.jobs.queue import defer
from wholesale.mail.models import BouncedAddress, MailState, OutboxMail

SEND = "mail.send"


def write_mail(
    session: Session,
    recipient: str,
    template: str,
    /,
    *,
    secret: bool = False,
    at: datetime | None = None,
    **context: Any,
) -> OutboxMail:
    """Put a mail into the outbox: ``mail/<template>.txt``, whose first line is the subject.

    It is sent once the transaction is there, not before ``at``. ``secret`` says that its
    links open something. Returns the mail, written but not committed.
    """
    text = render_template(f"mail/{template}.txt", **context)
    subject, _, body = text.partition("\n")
    subject, body = " ".join(subject.split()), body.strip()
    html = render_template("mail/frame.html", subject=subject, paragraphs=body.split("\n\n"))
    mail = OutboxMail(recipient=recipient, subject=subject, body=body, html=html)
    mail.template, mail.is_secret = template, secret
    session.add(mail)
    session.flush()
    defer(session, SEND, at=at, mail_id=mail.id)
    return mail


def retry(session: Session, mail: OutboxMail) -> None:
    """Send a mail that failed, bounced or was kept. Raises DomainError for any other."""
    if mail.state not in (MailState.FAILED, MailState.KEPT, MailState.BOUNCED):
        raise DomainError(f"This mail is {mail.stage.label.lower()}: there is nothing to repeat.")
    mail.state, mail.error, mail.attempts = MailState.WAITING, "", 0
    note(session, "retried", "mails", mail.id)
    defer(session, SEND, mail_id=mail.id)


def mark_bounced(session: Session, address: str, reason: str) -> None:
    """Note that ``address`` does not take mail, in the service's words."""
    query = insert(BouncedAddress).values(address=address, reason=reason[:500])
    session.execute(
        query.on_conflict_do_update(
            index_elements=["address"], set_={"reason": query.excluded.reason}
        )
    )


def free_address(session: Session, address: str) -> None:
    """Let mail go to ``address`` again: it was mended, or the mark was wrong."""
    session.execute(delete(BouncedAddress).where(BouncedAddress.address == address))
    note(session, "freed", "addresses", 0, address=address)
