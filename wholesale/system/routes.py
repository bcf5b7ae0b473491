"""Health checks for load balancers and monitors."""

from flask import jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from wholesale.access.gate import public
from wholesale.extensions import db
from wholesale.system import blueprint
from wholesale.web.pages import Answer


@blueprint.get("/api/health")
@public
def health() -> Answer:
    """Say that the process answers; touches no database."""
    return jsonify(status="ok")


@blueprint.get("/api/ready")
@public
def ready() -> Answer:
    """Say whether the database answers; 503 while it does not."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return jsonify(status="unavailable", database="disconnected"), 503
    return jsonify(status="ok", database="connected")
