"""Rate limits counted in PostgreSQL, so that all processes share them without a second server."""

import unicodedata
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import Storage
from sqlalchemy import case, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.core.clock import now
from wholesale.core.models import Base
from wholesale.core.text import clean_line
from wholesale.extensions import db
from wholesale.read_only import let_write

SCHEME = "wholesale-postgresql"
ACCOUNT = "account:"


class RateCount(Base):
    """How often a key was used in its window. Unlogged: a crash may forget it."""

    __tablename__ = "rate_counts"
    __table_args__ = {"prefixes": ["UNLOGGED"]}

    key: Mapped[str] = mapped_column(primary_key=True)
    hits: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class PostgresCounts(Storage):
    """The counter storage that Flask-Limiter asks; each call is a transaction of its own."""

    STORAGE_SCHEME = [SCHEME]

    @property
    def base_exceptions(self) -> type[Exception]:
        """The errors on which the limiter may fall back."""
        return Exception

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count ``amount`` more uses of ``key`` in a window of ``expiry`` seconds."""
        over = RateCount.expires_at < now()
        ends = now() + timedelta(seconds=expiry)
        fresh = insert(RateCount).values(key=key, hits=amount, expires_at=ends)
        counted = fresh.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "hits": case((over, literal(amount)), else_=RateCount.hits + amount),
                "expires_at": case((over, literal(ends)), else_=RateCount.expires_at),
            },
        ).returning(RateCount.hits)
        with let_write(), db.engine.begin() as connection:
            return int(connection.execute(counted).scalar_one())

    def get(self, key: str) -> int:
        """Return the uses of ``key`` in its present window."""
        query = select(RateCount.hits).where(RateCount.key == key, RateCount.expires_at > now())
        with db.engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    def get_expiry(self, key: str) -> float:
        """Return when the window of ``key`` ends, in seconds since the epoch."""
        query = select(func.extract("epoch", RateCount.expires_at)).where(RateCount.key == key)
        with db.engine.connect() as connection:
            return float(connection.execute(query).scalar() or now().timestamp())

    def check(self) -> bool:
        """Say that the storage answers; a database that is away shows elsewhere."""
        return True

    def reset(self) -> int | None:
        """Forget all counts."""
        with let_write(), db.engine.begin() as connection:
            return connection.execute(delete(RateCount)).rowcount

    def clear(self, key: str) -> None:
        """Forget the count of ``key``."""
        with let_write(), db.engine.begin() as connection:
            connection.execute(delete(RateCount).where(RateCount.key == key))


limiter = Limiter(get_remote_address, strategy="fixed-window", headers_enabled=False)


# A hundred a minute per address over all machine paths together.
api_limit = limiter.shared_limit("100 per minute", scope="api")


def account_address() -> str:
    """The key of a sign-in try: the account it is for, whatever its case."""
    email = unicodedata.normalize("NFKC", clean_line(request.form.get("email")))
    return f"{ACCOUNT}{email.casefold()[:254]}"


def give_back() -> None:
    """Take a try that succeeded off this request's limits, which count failures.

    The account's count is forgotten; the address gets back this one try, so that a good
    account opens no door for guessing at others.
    """
    for limit in limiter.current_limits:
        key, *scope = limit.request_args
        if key.startswith(ACCOUNT):
            limiter.limiter.clear(limit.limit, key, *scope)
        else:
            counter = limit.limit.key_for(key, *scope)
            limiter.storage.incr(counter, limit.limit.get_expiry(), amount=-1)


def seconds_to_wait() -> int:
    """Return after how many seconds the limit that was exceeded opens again."""
    limit = limiter.current_limit
    return max(1, int(limit.reset_at - now().timestamp())) if limit else 60


def init_app(app: Flask, storage_uri: str | None) -> None:
    """Bind the limiter to ``app``; ``storage_uri`` (Redis) replaces the database's counts."""
    app.config["RATELIMIT_STORAGE_URI"] = storage_uri or f"{SCHEME}://"
    limiter.init_app(app)


def purge_counts(session: Any) -> None:
    """Delete counts whose window has passed."""
    session.execute(delete(RateCount).where(RateCount.expires_at < now()))
