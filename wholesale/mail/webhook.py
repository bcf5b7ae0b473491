"""What SendGrid tells of our mails: signed, fresh, each event once."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import structlog
from sendgrid.helpers.eventwebhook import EventWebhook
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wholesale.mail.models import MailEvent, MailState, OutboxMail
from wholesale.mail.operations import mark_bounced

FRESH = 600  # seconds; older is a replay
BOUNCES = {"bounce": "bounced", "spamreport": "marked as spam", "dropped": "dropped"}
log = structlog.get_logger("mail")


def is_genuine(key: str, body: bytes, signature: str, timestamp: str) -> bool:
    """Tell whether ``body`` was signed by the service, and lately."""
    try:
        age = abs(time.time() - int(timestamp))
        checker = EventWebhook(key)
        signed: bool = checker.verify_signature(body.decode(), signature, timestamp)
    except (ValueError, TypeError):
        return False
    return signed and age <= FRESH


def take_events(session: Session, events: list[Mapping[str, Any]]) -> int:
    """Note ``events`` and what follows from them; returns how many were new."""
    return sum(_take(session, event) for event in events)


def _take(session: Session, event: Mapping[str, Any]) -> bool:
    event_id, kind = str(event.get("sg_event_id") or ""), str(event.get("event") or "")
    address = str(event.get("email") or "")
    if not (event_id and kind and address):
        return False
    mail = _mail_of(session, event)
    reason = " ".join(str(event.get("reason") or BOUNCES.get(kind, "")).split())[:500]
    values: dict[str, Any] = {
        "event_id": event_id,
        "kind": kind,
        "address": address,
        "reason": reason,
    }
    values |= {"mail_id": mail.id if mail else None, "happened_at": _moment(event)}
    query = insert(MailEvent).values(values).on_conflict_do_nothing().returning(MailEvent.id)
    if session.scalar(query) is None:
        return False  # told before
    if kind in BOUNCES:
        if kind == "spamreport" or (kind == "bounce" and event.get("type") != "blocked"):
            mark_bounced(session, address, reason)  # the rest may pass: full, too busy
        log.warning("mail bounced", kind=kind, mail=mail.id if mail else None)
    if mail is not None and kind in BOUNCES:
        mail.state, mail.error = MailState.BOUNCED, reason
    elif mail is not None and kind == "delivered" and mail.state != MailState.BOUNCED:
        mail.state, mail.error = MailState.DELIVERED, ""
    return True


def _mail_of(session: Session, event: Mapping[str, Any]) -> OutboxMail | None:
    """Return the mail an event is about, by the key that we sent along."""
    try:
        key = int(event.get("mail_id") or 0)
    except (ValueError, TypeError):
        return None
    query = select(OutboxMail).where(OutboxMail.id == key).with_for_update()
    return session.scalar(query) if 0 < key < 2**31 else None


def _moment(event: Mapping[str, Any]) -> datetime:
    try:
        return datetime.fromtimestamp(int(event.get("timestamp") or 0), UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return datetime.now(UTC)
