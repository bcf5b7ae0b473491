"""Every feature in floor order: its models for the metadata, its blueprint for the app."""

from flask import Flask

from wholesale import accounts, catalog, customers, insight, orders, system
from wholesale.access import models as access_models  # noqa: F401 - fills the metadata

FEATURES = (accounts, customers, catalog, orders, insight, system)


def init_app(app: Flask) -> None:
    """Register every feature's blueprint on ``app``."""
    for feature in FEATURES:
        app.register_blueprint(feature.blueprint)
