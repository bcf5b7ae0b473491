"""The demo company, loaded once for all its tests and taken back after them."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from wholesale.demo import load_demo

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="package")
def company(engine: Engine) -> Iterator[Session]:
    """A session whose transaction holds the demo company as it stands on ``TODAY``."""
    with Session(engine) as session:
        load_demo(session, TODAY)
        yield session
        session.rollback()
