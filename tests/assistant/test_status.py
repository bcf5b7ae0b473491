"""``flask ai status``: whether it is configured, how it last fared, what today took."""

import json
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from tests.standins.gemini import Gemini
from tests.visitor import Visitor
from wholesale.assistant.commands import ai
from wholesale.assistant.models import AssistantCall
from wholesale.extensions import db
from wholesale.system.doctor import examine


def status(app: Flask) -> tuple[int, Any]:
    """Run the command; return its exit code and what it says."""
    result = app.test_cli_runner().invoke(ai, ["status", "--json"])
    return result.exit_code, json.loads(result.output)


def test_off_is_no_failure(app: Flask):
    code, said = status(app)
    assert code == 0
    assert said["configured"] is False
    assert said["last_success"] is None


def test_calls_and_tokens_of_today(app: Flask, gemini: Gemini, rep: Visitor):
    gemini.says = {"which": "orders", "filters": [], "sort": ""}
    rep.post("/ask", {"question": "All orders?"})
    code, said = status(app)
    assert (code, said["configured"], said["calls_today"], said["tokens_today"]) == (
        0,
        True,
        1,
        150,
    )
    assert said["last_success"] is not None
    assert said["last_error"] is None


def test_a_failure_since_the_last_success(
    app: Flask, gemini: Gemini, rep: Visitor, session: Session
):
    gemini.says = "nonsense"
    rep.post("/ask", {"question": "All orders?"})
    code, said = status(app)
    assert code == 1
    assert said["last_error_was"] == "garbage: the answer is no JSON"
    session.add(AssistantCall(purpose="list", model="m", prompt="p", outcome="answered"))
    session.commit()
    assert status(app)[0] == 0


def test_the_doctor_knows_of_it(app: Flask, gemini: Gemini, visit: Callable[[str], Visitor]):
    admin = visit("admin")
    gemini.says = "nonsense"
    admin.post("/ask", {"question": "All orders?"})
    with app.app_context():
        found = next(part for part in examine(db.session) if part.name == "Assistant")
    assert (found.label, found.last_error) == ("Trouble", "garbage")


def test_in_words(app: Flask, gemini: Gemini):
    said = app.test_cli_runner().invoke(ai, ["status"]).output
    assert "configured         yes" in said
    assert "last success       -" in said
