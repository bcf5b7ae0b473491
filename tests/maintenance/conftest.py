"""Maintenance switched on for a test, and off again before the database is emptied."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from wholesale.core.clock import now
from wholesale.maintenance.models import MaintenanceWindow
from wholesale.maintenance.state import Known
from wholesale.read_only import let_write

Maintain = Callable[..., None]


@pytest.fixture
def maintain(app: Flask, engine: Engine) -> Iterator[Maintain]:
    """Put a window into the database: ``maintain(read_only=True)``, from now on by default."""
    known: Known = app.extensions["maintenance"]

    def begin(start: datetime | None = None, **values: Any) -> None:
        values = {"is_read_only": values.pop("read_only", False), "message": "Mending"} | values
        with app.app_context(), let_write(), Session(engine) as own, own.begin():
            begins = start or now() - timedelta(seconds=1)
            own.add(MaintenanceWindow(starts_at=begins, **values))
        known.forget()

    yield begin
    with app.app_context(), let_write(), engine.begin() as connection:
        connection.execute(delete(MaintenanceWindow))
    known.forget()
