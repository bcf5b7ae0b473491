"""Fixtures of the assistant: a stand-in of Gemini that the application is pointed to."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.standins import gemini as standin
from wholesale.assistant import gemini as client


@pytest.fixture
def gemini(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[standin.Gemini]:
    """The assistant, on: the service is a stand-in, and pauses between tries are short."""
    monkeypatch.setattr(client, "FIRST_PAUSE", 0.01)
    with standin.Gemini().serving() as served:
        monkeypatch.setitem(app.config, "GOOGLE_API_KEY", standin.KEY)
        monkeypatch.setitem(app.config, "GEMINI_ENDPOINT", served.url)
        yield served
