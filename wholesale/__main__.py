"""``make run``: brings the database up to date, fills an empty one, and serves on ``PORT``."""

import sys

from flask_migrate import upgrade
from sqlalchemy.exc import DBAPIError

from wholesale import create_app, demo, startup
from wholesale.access.seed import seed_permissions
from wholesale.config import ConfigurationError, Settings
from wholesale.core.clock import today
from wholesale.extensions import db
from wholesale.postgres import EmbeddedPostgresError
from wholesale.read_only import let_write
from wholesale.serve import serve
from wholesale.web import logs


def main() -> None:
    """Prepare the database, print where to go, and serve until stopped."""
    logs.configure()
    try:
        settings = Settings.from_env()
        startup.check(settings)
        app = create_app(settings)
        with app.app_context():
            upgrade()
            prepare(settings)
    except (ConfigurationError, EmbeddedPostgresError, DBAPIError) as error:
        sys.exit(f"WholesaleOS cannot start: {logs.in_short(error)}")
    announce(settings)
    serve(app, settings)


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
    """Print the address and the demo sign-ins, for who develops."""
    if settings.app_env != "development":
        return
    print(f"\nWholesaleOS serves on http://localhost:{settings.port}\n", flush=True)
    if settings.demo:
        people = ", ".join(demo.SIGN_INS)
        print(f"Demo sign-ins (password {demo.PASSWORD}): {people}\n", flush=True)


if __name__ == "__main__":
    main()
