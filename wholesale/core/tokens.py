"""One-time tokens: random in the link, kept only as a hash."""

import hashlib
import secrets


def new_token() -> tuple[str, bytes]:
    """Return a fresh token for a link and the hash to keep."""
    token = secrets.token_urlsafe(32)
    return token, token_hash(token)


def token_hash(token: str) -> bytes:
    """Return the hash under which ``token`` is kept."""
    return hashlib.sha256(token.encode()).digest()
