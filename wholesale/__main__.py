"""``make run``: brings the database up to date, fills an empty one, and serves on ``PORT``."""

import signal
import sys

import waitress
from flask import Flask
from flask_migrate import upgrade

from wholesale import create_app, demo
from wholesale.access.seed import seed_permissions
from wholesale.config import ConfigurationError, Settings
from wholesale.core.clock import today
from wholesale.extensions import db
from wholesale.jobs.worker import WorkerThread
from wholesale.read_only import let_write
from wholesale.reads.buffer import Writer

THREADS = 8


def main() -> None:
    """Prepare the database, print where to go, and serve until stopped."""
    try:
        settings = Settings.from_env()
    except ConfigurationError as error:
        sys.exit(f"WholesaleOS cannot start: {error}")
    app = create_app(settings)
    with app.app_context():
        upgrade()
        prepare(settings)
    start_worker(app, settings)
    Writer(app).start()
    announce(settings)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    waitress.serve(
        app,
        host="0.0.0.0",  # noqa: S104
        port=settings.port,
        threads=THREADS,
        clear_untrusted_proxy_headers=False,  # TRUSTED_PROXIES decides, in web/security
    )


def web() -> Flask:
    """Return the application with its worker thread, for the ``web`` line of the Procfile."""
    settings = Settings.from_env()
    app = create_app(settings)
    start_worker(app, settings)
    Writer(app).start()
    return app


def start_worker(app: Flask, settings: Settings) -> None:
    """Do background work in a thread of this process, unless ``WEB_WORKER`` is 0."""
    if settings.web_worker:
        WorkerThread(app).start()


def prepare(settings: Settings) -> None:
    """Seed permissions, and the demo company into an empty development database."""
    with let_write():
        seed_permissions(db.session)
        db.session.commit()
    if settings.demo and settings.app_env == "development" and demo.is_empty(db.session):
        print("Filling the empty database with the demo company ...", flush=True)
        demo.load_demo(db.session, today())
    db.session.commit()


def announce(settings: Settings) -> None:
    """Print the address, and the demo sign-ins in development."""
    print(f"\nWholesaleOS serves on http://localhost:{settings.port}\n")
    if settings.demo and settings.app_env == "development":
        people = ", ".join(demo.SIGN_INS)
        print(f"Demo sign-ins (password {demo.PASSWORD}): {people}\n", flush=True)


if __name__ == "__main__":
    main()
