"""A mail service for the tests of mail."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.standins.sendgrid import KEY, SendGrid


@pytest.fixture
def sendgrid(app: Flask) -> Iterator[SendGrid]:
    """A SendGrid that the application is connected to."""
    with SendGrid().serving() as service:
        assert isinstance(service, SendGrid)
        kept = {name: app.config[name] for name in ("SENDGRID_API_KEY", "SENDGRID_HOST")}
        app.config |= {"SENDGRID_API_KEY": KEY, "SENDGRID_HOST": service.url}
        app.config["SENDGRID_WEBHOOK_KEY"] = service.public_key
        yield service
        app.config |= kept | {"SENDGRID_WEBHOOK_KEY": None}
