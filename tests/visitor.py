"""A person at a browser without JavaScript, or at one with htmx: signs in, opens pages, posts."""

import hashlib
import secrets
from typing import Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from wholesale.accounts.models import SignInSession
from wholesale.accounts.sessions import WORKDAY
from wholesale.core.clock import now


class Visitor:
    """Sends requests as one person; posts carry the CSRF field as a form would."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self.session = app, session
        self.client = app.test_client()
        self.csrf = secrets.token_hex(20)
        self.cookie = ""

    def signed_in(self, user_id: int) -> "Visitor":
        """Give the browser a session of ``user_id``, as a sign-in would have made it."""
        token = secrets.token_urlsafe(32)
        interface: Any = self.app.session_interface
        data = {"_user_id": str(user_id), "_fresh": True, "csrf_token": self.csrf}
        self.session.add(
            SignInSession(
                token_hash=hashlib.sha256(token.encode()).digest(),
                user_id=user_id,
                data=data,
                created_at=now(),
                seen_at=now(),
                expires_at=now() + WORKDAY,
            )
        )
        self.session.commit()
        self.cookie = interface.signer.sign(token).decode()
        self.client.set_cookie("wholesale", self.cookie)
        return self

    def get(self, url: str, **kwargs: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(url, **kwargs)

    def post(self, url: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Send a form."""
        return self.client.post(url, data={"csrf_token": self.token(), **(data or {})}, **kwargs)

    def token(self) -> str:
        """Return what a form of theirs carries against forgery."""
        serializer = URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token")
        return str(serializer.dumps(self.csrf))

    def hx_get(self, url: str, target: str = "main") -> TestResponse:
        """Ask for a fragment as htmx does."""
        return self.get(url, headers=hx(target))

    def hx_post(
        self, url: str, data: dict[str, Any] | None = None, target: str = "main"
    ) -> TestResponse:
        """Send a form as htmx does."""
        return self.post(url, data, headers=hx(target))


def hx(target: str) -> dict[str, str]:
    """Return the headers of an htmx request into the element ``target``."""
    return {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": f"div#{target}"}
