"""Every feature in floor order: its models for the metadata, its blueprint for the app."""

from flask import Flask

from wholesale import (
    accounts,
    assistant,
    catalog,
    changes,
    customers,
    files,
    imports,
    insight,
    jobs,
    leads,
    links,
    mail,
    maintenance,
    notifications,
    orders,
    quotes,
    system,
)
from wholesale.access import routes as access
from wholesale.audit import routes as audit

FEATURES = (
    access,
    audit,
    jobs,
    accounts,
    mail,
    maintenance,
    notifications,
    files,
    customers,
    catalog,
    leads,
    links,
    quotes,
    orders,
    changes,
    imports,
    insight,
    assistant,
    system,
)


def init_app(app: Flask) -> None:
    """Register every feature's blueprint on ``app``."""
    for feature in FEATURES:
        app.register_blueprint(feature.blueprint)
