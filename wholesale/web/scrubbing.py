"""What never reaches a log line: secrets of the configuration, one-time links, rows, line ends."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from sqlalchemy.engine import make_url

from wholesale.config import Settings

STARS = "***"
LEAST = 8  # shorter words would take harmless text along
# PostgreSQL shows the whole row that breaks a rule, hashes of passwords and tokens with it.
ROW = re.compile(r"(Failing row contains) .*")
# The addresses that a token opens; tests/web/test_log_lines.py holds them against the routes.
LINK = re.compile(r"/(invitations|reset-password|storage|l)/[A-Za-z0-9._~%-]{16,}")

_secrets: set[str] = set()


def hide(settings: Settings) -> None:
    """Keep the secrets of ``settings`` out of every line from now on."""
    known = [
        settings.session_secret,
        *settings.session_secret_fallbacks,
        settings.sendgrid_api_key,
        settings.google_api_key,
        settings.metrics_token,
        settings.sentry_dsn,
        *_passwords(settings.database_url),
        *_passwords(settings.ratelimit_storage_uri),
    ]
    _secrets.update(secret for secret in known if secret and len(secret) >= LEAST)


def _passwords(url: str | None) -> list[str]:
    password = make_url(url).password if url else None
    return [password, quote(password, safe="")] if password else []


def made_safe(_: Any, __: str, line: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a line without what must not be in it, each fit for one line."""
    return {"_".join(name.split()): _safe(value) for name, value in line.items()}


def _safe(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = scrubbed(str(value))
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)


def scrubbed(text: str) -> str:
    """Return ``text`` without secrets, tokens of links, and rows."""
    for secret in _secrets:
        text = text.replace(secret, STARS)
    return ROW.sub(rf"\1 {STARS}", LINK.sub(rf"/\1/{STARS}", text))
