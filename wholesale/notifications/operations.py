"""Telling people what happened, in the transaction in which it did."""

from typing import Any

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.core.clock import now
from wholesale.mail.operations import write_mail
from wholesale.notifications.models import Notification
from wholesale.notifications.preferences import APP, MAIL, preferences_of


def notify(
    session: Session,
    user_id: int | None,
    kind: str,
    text: str,
    path: str,
    *,
    mail: str,
    once: str | None = None,
    **context: Any,
) -> bool:
    """Tell one person ``text``, with the page at ``path``, by the ways they chose for ``kind``.

    ``mail`` names the template of the mail, which gets ``person``, ``text``, ``url`` and
    ``context``. With ``once`` the same is told once only. Returns whether it was told.
    """
    person = session.get(User, user_id) if user_id else None
    if person is None or not person.is_active:
        return False
    wishes = preferences_of(person)
    by_mail, in_app = wishes.by(kind, MAIL), wishes.by(kind, APP)
    waits = by_mail and wishes.digest is not None
    values = {"user_id": person.id, "kind": kind, "text": text, "path": path, "once": once}
    values |= {"is_shown": in_app, "is_for_digest": waits}
    query = insert(Notification).values(values).on_conflict_do_nothing().returning(Notification.id)
    if session.scalar(query) is None:
        return False
    if by_mail and not waits:
        url = current_app.config["BASE_URL"] + path
        known = context | {"person": person, "text": text, "url": url}
        write_mail(session, person.email, mail, at=wishes.earliest(now()), **known)
    return True


def read(session: Session, user_id: int, key: int | None = None) -> None:
    """Mark one of a person's notifications as read, or all."""
    query = update(Notification).where(
        Notification.user_id == user_id, Notification.read_at.is_(None)
    )
    session.execute(
        (query if key is None else query.where(Notification.id == key)).values(read_at=now())
    )


def send_digests(session: Session) -> int:
    """Write the mail of the day to each person whose hour has come; returns how many."""
    waiting = select(Notification.user_id).where(Notification.is_for_digest).distinct()
    people = session.scalars(select(User).where(User.id.in_(waiting)).order_by(User.id))
    return sum(_send_digest(session, person) for person in people.all())


def _send_digest(session: Session, person: User) -> bool:
    until = preferences_of(person).digest_since(now())
    query = select(Notification).where(
        Notification.user_id == person.id, Notification.is_for_digest
    )
    if until is not None:  # without: they want no digest any more, so it comes now
        query = query.where(Notification.created_at <= until)
    found = session.scalars(query.order_by(Notification.id).with_for_update()).all()
    for one in found:
        one.is_for_digest = False
    if found and person.is_active:
        base = current_app.config["BASE_URL"]
        write_mail(session, person.email, "digest", person=person, told=found, base=base)
    return bool(found)
