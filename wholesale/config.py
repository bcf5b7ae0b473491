"""Settings from the environment, checked at once so that a bad one stops the start."""

import os
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

VERSION = "1.0.0"
ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ("development", "production", "test")
# Keys and addresses of the outside services, and where backups go; without its own a feature
# says that it is off.
OUTSIDE = (
    "SENDGRID_API_KEY",
    "SENDGRID_HOST",
    "SENDGRID_WEBHOOK_KEY",
    "MAIL_FROM",
    "GOOGLE_API_KEY",
    "GEMINI_ENDPOINT",
    "GCS_BUCKET_NAME",
    "STORAGE_EMULATOR_HOST",
    "METRICS_TOKEN",
    "SENTRY_DSN",
    "BACKUP_DIR",
)
NUMBERS = {
    "PORT": 5000,
    "TRUSTED_PROXIES": 0,
    "FILES_QUOTA_MB": 5000,
    "ASSISTANT_DAILY_TOKENS": 200_000,
    "SLOW_REQUEST_MS": 1000,
    "SLOW_QUERY_MS": 250,
    "STOP_SECONDS": 25,
}
REQUIRED_IN_PRODUCTION = ("DATABASE_URL", "SESSION_SECRET")


class ConfigurationError(RuntimeError):
    """The environment cannot run the application; the message says what to set."""


@dataclass(frozen=True)
class Settings:
    """What the environment says (``README.md``, Configuration)."""

    app_env: str = "development"
    database_url: str | None = None
    session_secret: str = ""
    session_secret_fallbacks: tuple[str, ...] = ()
    port: int = 5000
    base_url: str | None = None
    trusted_proxies: int = 0
    ratelimit_storage_uri: str | None = None
    demo: bool = True
    web_worker: bool = True
    currency: str = "USD"
    sendgrid_api_key: str | None = None
    sendgrid_host: str | None = None
    sendgrid_webhook_key: str | None = None
    mail_from: str | None = None
    google_api_key: str | None = None
    gemini_endpoint: str | None = None
    gemini_model: str = "gemini-2.5-flash"
    assistant_daily_tokens: int = 200_000
    gcs_bucket_name: str | None = None
    storage_emulator_host: str | None = None
    metrics_token: str | None = None
    sentry_dsn: str | None = None
    backup_dir: str | None = None
    files_quota_mb: int = 5000
    slow_request_ms: int = 1000
    slow_query_ms: int = 250
    stop_seconds: int = 25
    instance_path: Path = ROOT / "instance"

    @property
    def is_production(self) -> bool:
        """Whether real customers are served: secure cookies, no defaults for secrets."""
        return self.app_env == "production"

    @property
    def outside(self) -> dict[str, str | None]:
        """The keys and addresses of outside services, by the names of their variables."""
        return {name: getattr(self, name.lower()) for name in OUTSIDE}

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read and check ``environ`` (the process's own when None).

        Raises ConfigurationError that names every missing or unusable variable at once.
        """
        env = os.environ if environ is None else environ
        app_env = env.get("APP_ENV") or "development"
        if app_env not in ENVIRONMENTS:
            known = ", ".join(ENVIRONMENTS)
            raise ConfigurationError(f"APP_ENV is {app_env!r}; use one of {known}.")
        instance = Path(env.get("INSTANCE_PATH") or ROOT / "instance")
        if app_env == "production":
            _refuse_missing(env)
        return cls(
            app_env=app_env,
            database_url=_driver_url(env.get("DATABASE_URL")),
            session_secret=env.get("SESSION_SECRET") or _own_secret(instance),
            session_secret_fallbacks=_split(env.get("SESSION_SECRET_FALLBACKS")),
            base_url=(env.get("BASE_URL") or "").rstrip("/") or None,
            ratelimit_storage_uri=env.get("RATELIMIT_STORAGE_URI") or None,
            demo=env.get("DEMO", "1") != "0",
            web_worker=env.get("WEB_WORKER", "1") != "0",
            currency=env.get("CURRENCY") or "USD",
            gemini_model=env.get("GEMINI_MODEL") or cls.gemini_model,
            **_named(NUMBERS, lambda name: _number(env, name, NUMBERS[name])),
            **_named(OUTSIDE, lambda name: env.get(name) or None),
            instance_path=instance,
        )


def _named(names: Iterable[str], read: Callable[[str], Any]) -> dict[str, Any]:
    """Return what ``read`` finds for each variable, by the name of its setting."""
    return {name.lower(): read(name) for name in names}


def _refuse_missing(env: Mapping[str, str]) -> None:
    missing = [name for name in REQUIRED_IN_PRODUCTION if not env.get(name)]
    if missing:
        raise ConfigurationError(
            f"Production needs {' and '.join(missing)}. Set {'it' if len(missing) == 1 else 'them'}"
            " in the environment and start again."
        )


def _driver_url(url: str | None) -> str | None:
    """Name the driver in the URL forms that hosting platforms hand out."""
    if not url:
        return None
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            url = "postgresql+psycopg://" + url.removeprefix(prefix)
    if not url.startswith("postgresql+psycopg://"):
        raise ConfigurationError("DATABASE_URL must be a postgresql:// address.")
    try:
        if "@" in (make_url(url).host or ""):
            raise ValueError("an @ in the password")
    except (ArgumentError, ValueError):  # without its words: they may hold the password
        raise ConfigurationError(
            "DATABASE_URL cannot be read; write special characters of the password as %XX."
        ) from None
    return url


def _own_secret(instance: Path) -> str:
    """Return this checkout's own secret, so that a restart in development signs nobody out."""
    path = instance / "session-secret"
    try:
        if not path.exists():
            instance.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48))
        return path.read_text()
    except OSError as error:
        raise ConfigurationError(
            f"the folder {instance} cannot be written ({error.strerror}). Set INSTANCE_PATH."
        ) from error


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not text.isdigit():
        raise ConfigurationError(f"{name} is {text!r}; it must be a whole number.")
    return int(text)
