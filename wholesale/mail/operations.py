"""Writes mails into the outbox, from templates, in the transaction that needs them."""

from datetime import datetime
from typing import Any

from flask import render_template
from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wholesale.audit.recording import note
from wholesale.core.errors import DomainError
from wholesale.jobs.queue import defer
from wholesale.mail.models import BouncedAddress, MailState, OutboxMail

SEND = "mail.send"
HAS_JOB = text("""
SELECT EXISTS (
    SELECT FROM procrastinate.procrastinate_jobs WHERE task_name = 'mail.send'
    AND status IN ('todo', 'doing') AND args->>'mail_id' = :key
)
""")


def write_mail(
    session: Session,
    recipient: str,
    template: str,
    /,
    *,
    secret: bool = False,
    at: datetime | None = None,
    reply_to: str | None = None,
    **context: Any,
) -> OutboxMail:
    """Put a mail into the outbox: ``mail/<template>.txt``, whose first line is the subject.

    It is sent once the transaction is there, not before ``at``. ``secret`` says that its
    links open something. ``reply_to`` is who gets the answer. ``url`` of the context stands in
    a paragraph of its own. Returns the mail, written but not committed.
    """
    written = render_template(f"mail/{template}.txt", **context)
    subject, _, body = written.partition("\n")
    subject, body = " ".join(subject.split()), body.strip()
    # Only our own address becomes a button: what people wrote may hold any.
    shown = {"subject": subject, "paragraphs": body.split("\n\n"), "link": context.get("url")}
    mail = OutboxMail(recipient=recipient, subject=subject, body=body, reply_to=reply_to)
    mail.html = render_template("mail/frame.html", **shown)
    mail.template, mail.is_secret = template, secret
    session.add(mail)
    session.flush()
    _ask_for(session, mail, at)
    return mail


def _ask_for(session: Session, mail: OutboxMail, at: datetime | None = None) -> None:
    """Ask for the mail's job; of two for one mail the second waits, and finds it sent."""
    defer(session, SEND, lock=f"mail {mail.id}", at=at, mail_id=mail.id)


def retry(session: Session, mail: OutboxMail) -> None:
    """Send a mail that failed, bounced, was kept, or that no job will send any more.

    Raises DomainError for any other.
    """
    if not may_retry(session, mail):
        raise DomainError(f"This mail is {mail.stage.label.lower()}: there is nothing to repeat.")
    mail.is_doubtful = mail.is_doubtful or mail.state == MailState.SENDING
    mail.state, mail.error, mail.attempts = MailState.WAITING, "", 0
    note(session, "retried", "mails", mail.id)
    _ask_for(session, mail)


def may_retry(session: Session, mail: OutboxMail) -> bool:
    """Tell whether nothing will send the mail unless somebody asks for it."""
    if mail.state in (MailState.WAITING, MailState.SENDING):
        return not session.scalar(HAS_JOB, {"key": str(mail.id)})
    return mail.state in (MailState.FAILED, MailState.KEPT, MailState.BOUNCED)


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
