"""WholesaleOS: the system a wholesale business runs its selling on."""

from flask import Flask
from jinja2 import StrictUndefined

from wholesale import database, registry
from wholesale.access import gate
from wholesale.accounts import sessions
from wholesale.config import ROOT, Settings
from wholesale.extensions import csrf, db, login_manager, migrate
from wholesale.files import storage
from wholesale.maintenance import gate as maintenance
from wholesale.reads import noticing
from wholesale.web import errors, filters, limits, logs, scrubbing, security, shell, urls
from wholesale.web.reports import REPORTER


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application for ``settings`` (read from the environment when None).

    Raises ConfigurationError when the environment cannot run it, and RuntimeError when a
    view does not say which permission it needs.
    """
    settings = settings or Settings.from_env()
    logs.configure()
    scrubbing.hide(settings)
    REPORTER.begin(settings)
    app = Flask(__name__, instance_path=str(settings.instance_path))
    app.config.from_mapping(
        APP_ENV=settings.app_env,
        SECRET_KEY=settings.session_secret,
        SECRET_KEY_FALLBACKS=list(settings.session_secret_fallbacks),
        SESSION_COOKIE_NAME="wholesale",
        SESSION_COOKIE_SECURE=settings.is_production,
        WTF_CSRF_TIME_LIMIT=None,
        # During a soft rotation the forms that are open stay good, too.
        WTF_CSRF_SECRET_KEY=[*settings.session_secret_fallbacks, settings.session_secret][0],
        MAX_CONTENT_LENGTH=4 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        CURRENCY=settings.currency,
        GOOGLE_API_KEY=settings.google_api_key,
        GEMINI_ENDPOINT=settings.gemini_endpoint,
        GEMINI_MODEL=settings.gemini_model,
        ASSISTANT_DAILY_TOKENS=settings.assistant_daily_tokens,
        SLOW_REQUEST_MS=settings.slow_request_ms,
        SLOW_QUERY_MS=settings.slow_query_ms,
        STOP_SECONDS=settings.stop_seconds,
        BASE_URL=settings.base_url or f"http://localhost:{settings.port}",
    )
    app.config.from_mapping(settings.outside)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if not settings.is_production:
        app.jinja_env.undefined = StrictUndefined

    database.init_app(app, settings)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    storage.init_app(app, settings)
    login_manager.init_app(app)
    logs.init_app(app)
    security.init_app(
        app, production=settings.is_production, trusted_proxies=settings.trusted_proxies
    )
    limits.init_app(app, settings.ratelimit_storage_uri)
    sessions.init_app(app, [*settings.session_secret_fallbacks, settings.session_secret])
    gate.init_app(app)
    maintenance.init_app(app)
    csrf.init_app(app)
    noticing.init_app(app)
    urls.init_app(app)
    filters.init_app(app)
    shell.init_app(app)
    errors.init_app(app)
    registry.init_app(app)
    gate.refuse_unstamped(app)
    return app
