"""The Flask extensions, made once and bound to the application in ``create_app``."""

from contextlib import suppress

from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from wholesale.core.models import Base


class Database(SQLAlchemy):
    """The extension; its scoped session is typed as the session it stands for."""

    session: Session  # type: ignore[assignment]

    def _teardown_session(self, exc: BaseException | None) -> None:
        """Let the session go at the end of a request, also when its connection has died.

        It has been answered by then: raising would turn the answer into a bare 500, and leave a
        dead session to whoever comes next.
        """
        registry = self.session.registry  # type: ignore[attr-defined]
        try:
            super()._teardown_session(exc)
        except SQLAlchemyError:
            with suppress(SQLAlchemyError):
                registry().invalidate()
            registry.clear()


# What a request has written it may still show after its commit, without reading it again.
db = Database(
    model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False}
)
migrate = Migrate()
login_manager = LoginManager()
csrf = CSRFProtect()
