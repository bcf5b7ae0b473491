"""Browser sessions kept in PostgreSQL: shared by processes, listed, ended at once."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, cast

import structlog
from flask import Flask, Request, Response, g, request
from flask import session as flask_session
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadSignature, Signer
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, joinedload
from werkzeug.datastructures import CallbackDict

from wholesale.accounts.models import SignInSession
from wholesale.audit.recording import note
from wholesale.core.clock import now
from wholesale.core.errors import NotVisible
from wholesale.core.text import clean_line
from wholesale.core.tokens import token_hash
from wholesale.extensions import db
from wholesale.read_only import let_write
from wholesale.web.security import client_address

VISITOR = timedelta(hours=2)
WORKDAY = timedelta(hours=12)
REMEMBERED = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=1)
log = structlog.get_logger("accounts")
SESSIONLESS = ("/static/", "/api/health", "/api/ready")


class StoredSession(CallbackDict[str, Any], SessionMixin):
    """The session of one request, with the token its browser holds."""

    def __init__(
        self, row: SignInSession | None = None, failure: SQLAlchemyError | None = None
    ) -> None:
        def changed(session: "StoredSession") -> None:
            session.modified = True

        super().__init__(dict(row.data) if row else {}, changed)
        self.user = row.user if row else None
        self.failure = failure
        # Copies: the row may be gone, ended elsewhere, before this request is answered.
        self.key = row.id if row else None
        self.kept_hash = row.token_hash if row else None
        self.seen_at = row.seen_at if row else None
        self.token: str | None = None
        self.new = row is None
        self.modified = False

    def renew(self) -> None:
        """Give the session a new token at sign-in; the old one stops working."""
        self.token, self.modified = None, True

    @property
    def lifetime(self) -> timedelta:
        """How long the session lasts without use."""
        if "_user_id" not in self:
            return VISITOR
        return REMEMBERED if self.permanent else WORKDAY


def present_session() -> StoredSession:
    """Return the session of the request under way."""
    return cast(StoredSession, flask_session)


class PostgresSessions(SessionInterface):
    """Loads and stores sessions; the cookie carries a signed random token."""

    def __init__(self, secrets_newest_last: list[str]) -> None:
        self.signer = Signer(secrets_newest_last, salt="session", digest_method=hashlib.sha256)

    def open_session(self, app: Flask, request: Request) -> StoredSession:
        """Return the stored session of the request's cookie, or a new one."""
        cookie = request.cookies.get(self.get_cookie_name(app))
        if cookie is None or request.path.startswith(SESSIONLESS):
            return StoredSession()
        try:
            token = self.signer.unsign(cookie).decode()
        except BadSignature:
            return StoredSession()
        try:
            row = _load(token)
        except SQLAlchemyError as error:
            return StoredSession(failure=error)
        if row is None or (row.user and not row.user.is_active):
            return StoredSession()
        session = StoredSession(row)
        session.token = token
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Store what changed; what a view left uncommitted is dropped first."""
        session = cast(StoredSession, session)
        if g.get("is_broken"):
            return  # the error's answer must not fail, too; its message is in it already
        if (session.modified or _is_due(session)) and self._is_stored(session):
            self._set_cookie(app, session, response)
        if session.accessed:
            response.vary.add("Cookie")

    def _is_stored(self, session: StoredSession) -> bool:
        """Store the session; False when it was ended elsewhere, or the database went away.

        The work is done by then, and its answer stands, but for one that brings a new session.
        """
        is_new = session.token is None
        try:
            db.session.rollback()
            with let_write(), db.session.begin():
                return self._store(session)
        except SQLAlchemyError as error:
            if is_new:
                raise
            log.error("Query Failed", error=type(error).__name__, doing="storing the session")
            return False

    def _store(self, session: StoredSession) -> bool:
        """Write the session; False when it was ended elsewhere while this request ran."""
        values = _values(session)
        if session.token is not None:
            changed = update(SignInSession).where(
                SignInSession.token_hash == token_hash(session.token)
            )
            touched = db.session.scalars(changed.values(**values).returning(SignInSession.id))
            return bool(touched.all())
        if session.kept_hash is not None:
            _forget(session.kept_hash)
        session.token = secrets.token_urlsafe(32)
        row = {"token_hash": token_hash(session.token), "created_at": values["seen_at"]}
        db.session.execute(insert(SignInSession).values(**row, **values))
        return True

    def _set_cookie(self, app: Flask, session: StoredSession, response: Response) -> None:
        response.set_cookie(
            self.get_cookie_name(app),
            self.signer.sign(session.token or "").decode(),
            max_age=REMEMBERED if session.permanent else None,
            path=self.get_cookie_path(app),
            secure=self.get_cookie_secure(app),
            httponly=True,
            samesite="Lax",
        )


def _values(session: StoredSession) -> dict[str, Any]:
    moment = now()
    return {
        "user_id": int(session["_user_id"]) if "_user_id" in session else None,
        "data": dict(session),
        "address": client_address(),
        "user_agent": clean_line(request.user_agent.string)[:300],
        "seen_at": moment,
        "expires_at": moment + session.lifetime,
    }


def init_app(app: Flask, secrets_newest_last: list[str]) -> None:
    """Keep ``app``'s sessions in the database; while it is away, requests fail as queries do."""
    app.session_interface = PostgresSessions(secrets_newest_last)

    @app.before_request
    def refuse_unread() -> None:
        if failure := present_session().failure:
            raise failure


def _load(token: str) -> SignInSession | None:
    return db.session.scalar(
        select(SignInSession)
        .options(joinedload(SignInSession.user))
        .where(SignInSession.token_hash == token_hash(token), SignInSession.expires_at > now())
    )


def _is_due(session: StoredSession) -> bool:
    if g.get("is_unasked"):  # a page asked by itself: nobody need be there
        return False
    return session.seen_at is not None and now() - session.seen_at > SEEN_EVERY


def _forget(token: bytes) -> None:
    db.session.execute(delete(SignInSession).where(SignInSession.token_hash == token))


def end_sessions(session: Session, user_id: int, *, keep: bytes | None = None) -> int:
    """End a user's sessions, but for the one with the hash ``keep``; return how many ended."""
    query = delete(SignInSession).where(SignInSession.user_id == user_id)
    if keep is not None:
        query = query.where(SignInSession.token_hash != keep)
    ended = len(session.scalars(query.returning(SignInSession.id)).all())
    if ended:
        note(session, "sessions ended", "users", user_id, count=ended)
    return ended


def end_all_sessions(session: Session) -> int:
    """End everybody's sessions and return how many there were."""
    ended = len(session.scalars(delete(SignInSession).returning(SignInSession.id)).all())
    note(session, "all sessions ended", "sessions", "all", count=ended)
    return ended


def end_session(session: Session, user_id: int, key: int) -> None:
    """End one session of a user. Raises NotVisible when the user has no such session."""
    mine = (SignInSession.user_id == user_id) & (SignInSession.id == key)
    if not session.scalars(delete(SignInSession).where(mine).returning(SignInSession.id)).all():
        raise NotVisible("There is no such device.")
    note(session, "session ended", "users", user_id, device=key)


def purge_expired(session: Session) -> int:
    """Delete sessions that ran out and return how many there were."""
    over = delete(SignInSession).where(SignInSession.expires_at < now())
    return len(session.scalars(over.returning(SignInSession.id)).all())
