"""Writes mails into the outbox, from templates, in the transaction that needs them."""

from flask import render_template
from sqlalchemy.orm import Session

from wholesale.mail.models import OutboxMail


def write_mail(session: Session, recipient: str, template: str, **context: object) -> OutboxMail:
    """Put a mail into the outbox: ``mail/<template>.txt``, whose first line is the subject."""
    text = render_template(f"mail/{template}.txt", **context)
    subject, _, body = text.partition("\n")
    mail = OutboxMail(recipient=recipient, subject=subject.strip(), body=body.strip())
    session.add(mail)
    return mail
