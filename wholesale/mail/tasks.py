"""Sending a mail of the outbox: at least once, and never silently twice."""

from flask import current_app
from sqlalchemy import update
from sqlalchemy.orm import Session

from wholesale.core.clock import now
from wholesale.extensions import db
from wholesale.jobs.queue import task
from wholesale.mail.models import BouncedAddress, MailState, OutboxMail
from wholesale.mail.operations import SEND
from wholesale.mail.service import Later, MailService, Refused, Unanswered, service_of

ATTEMPTS = 6
DONE = (MailState.SENT, MailState.DELIVERED, MailState.BOUNCED, MailState.FAILED)


@task(SEND, attempts=ATTEMPTS)
def send(session: Session, *, mail_id: int) -> None:
    """Hand a mail to the service, or keep it where there is none."""
    mail = session.get(OutboxMail, mail_id)
    if mail is None or mail.state in DONE:
        return
    service = service_of(current_app.config)
    bounced = session.get(BouncedAddress, mail.recipient)
    if service is None:
        mail.state = MailState.KEPT
    elif bounced is not None:
        mail.state, mail.error = MailState.FAILED, f"The address bounced before: {bounced.reason}"
    else:
        _hand_over(session, mail, service)


def _hand_over(session: Session, mail: OutboxMail, service: MailService) -> None:
    """Say that it is being sent before it is: a crash in between is then seen."""
    doubtful = mail.is_doubtful or mail.state == MailState.SENDING
    attempts = mail.attempts + 1
    _note(mail.id, state=MailState.SENDING, attempts=attempts, is_doubtful=doubtful)
    session.refresh(mail)
    try:
        service_id = service.send(mail) or None
    except Refused as refusal:
        mail.state, mail.error = MailState.FAILED, str(refusal)
        return
    except Later as trouble:
        is_last = mail.attempts >= ATTEMPTS
        state = MailState.FAILED if is_last else MailState.WAITING
        unsure = mail.is_doubtful or isinstance(trouble, Unanswered)
        _note(mail.id, state=state, error=str(trouble), is_doubtful=unsure)
        raise
    session.refresh(mail, with_for_update=True)
    mail.service_id, mail.sent_at = service_id, now()
    if mail.state == MailState.SENDING:  # else the service told more already: it bounced, say
        mail.state, mail.error = MailState.SENT, ""


def _note(mail_id: int, **values: object) -> None:
    """Write ``values`` at once, whatever becomes of the job."""
    with db.engine.begin() as beside:
        beside.execute(update(OutboxMail).where(OutboxMail.id == mail_id).values(**values))
