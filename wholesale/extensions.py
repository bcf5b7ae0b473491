"""The Flask extensions, made once and bound to the application in ``create_app``."""

from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session

from wholesale.core.models import Base


class Database(SQLAlchemy):
    """The extension; its scoped session is typed as the session it stands for."""

    session: Session  # type: ignore[assignment]


# What a request has written it may still show after its commit, without reading it again.
db = Database(
    model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False}
)
migrate = Migrate()
login_manager = LoginManager()
csrf = CSRFProtect()
