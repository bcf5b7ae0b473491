"""The client against a stand-in that speaks Gemini's HTTP interface, healthy and not."""

import json
import time
from collections.abc import Iterator

import pytest

from tests.standins import gemini as standin
from tests.standins.gemini import KEY, refusal, written
from tests.standins.server import Reply
from wholesale.assistant import gemini
from wholesale.assistant.gemini import File, Gemini, Trouble
from wholesale.assistant.models import Outcome

SCHEMA = {"type": "OBJECT", "properties": {"a": {"type": "INTEGER"}}, "required": ["a"]}
BUSY = refusal(503, "UNAVAILABLE", "The model is overloaded.")
SLOW_DOWN = refusal(429, "RESOURCE_EXHAUSTED", "Quota exceeded.")


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[standin.Gemini]:
    """A stand-in of the service; the pauses between tries are short."""
    monkeypatch.setattr(gemini, "FIRST_PAUSE", 0.01)
    with standin.Gemini().serving() as served:
        served.says = {"a": 1}
        yield served


def ask(service: standin.Gemini, key: str = KEY, seconds: float = 5, files: tuple = ()):
    """Ask a question of the stand-in."""
    return Gemini(key, service.url, "gemini-test", seconds).ask("Be brief.", "Hello", files, SCHEMA)


def trouble(service: standin.Gemini, **options) -> Trouble:
    """Ask a question and return what went wrong."""
    with pytest.raises(Trouble) as refused:
        ask(service, **options)
    return refused.value


def test_a_question_with_a_file_and_a_schema(service: standin.Gemini):
    reply = ask(service, files=(File("application/pdf", b"%PDF"),))
    assert json.loads(reply.text) == {"a": 1}
    assert (reply.tokens_in, reply.tokens_out) == (120, 30)
    assert service.calls[0].path.startswith("/v1beta/models/gemini-test:generateContent")
    assert KEY not in service.calls[0].path
    assert service.asked["systemInstruction"]["parts"] == [{"text": "Be brief."}]
    assert service.files == [{"mimeType": "application/pdf", "data": "JVBERg=="}]
    assert service.asked["generationConfig"]["responseMimeType"] == "application/json"
    assert service.asked["generationConfig"]["responseSchema"]["required"] == ["a"]


@pytest.mark.parametrize("reply", [BUSY, SLOW_DOWN, Reply(cut=True), Reply(500, b"<h1>Oops</h1>")])
def test_what_may_pass_is_tried_again(service: standin.Gemini, reply: Reply):
    service.fail(reply, reply)
    assert json.loads(ask(service).text) == {"a": 1}
    assert len(service.calls) == 3


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (BUSY, Outcome.UNAVAILABLE),
        (SLOW_DOWN, Outcome.LIMITED),
        (Reply(cut=True), Outcome.UNAVAILABLE),
    ],
)
def test_three_tries_are_enough(service: standin.Gemini, reply: Reply, outcome: Outcome):
    service.fail(*[reply] * 3)
    assert trouble(service).outcome is outcome
    assert len(service.calls) == 3


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (refusal(400, "INVALID_ARGUMENT", "Request too long."), Outcome.REFUSED),
        (Reply(200, b"<html><body>Hello</body></html>"), Outcome.GARBAGE),
        (Reply(200, b""), Outcome.GARBAGE),
        (Reply(200, b"{}"), Outcome.EMPTY),
        (Reply(200, b'{"promptFeedback": {"blockReason": "SAFETY"}}'), Outcome.EMPTY),
        (written(""), Outcome.EMPTY),
        (written("", finish="SAFETY"), Outcome.EMPTY),
        (written("<h1>Sure!</h1>"), Outcome.GARBAGE),
        (written('{"a": 1', finish="MAX_TOKENS"), Outcome.TOO_LARGE),
        (written("[" * 100_000), Outcome.GARBAGE),
        (Reply(200, b'{"candidates": ' + b"[" * 100_000), Outcome.GARBAGE),
        (Reply(200, written("x").body.replace(b'"x"', b'"\\ud800"')), Outcome.GARBAGE),
        (written("x" * 10_000_000), Outcome.TOO_LARGE),
    ],
)
def test_what_cannot_be_used_is_not_asked_again(
    service: standin.Gemini, reply: Reply, outcome: Outcome
):
    service.fail(reply)
    assert trouble(service).outcome is outcome
    assert len(service.calls) == 1


def test_a_wrong_key_is_named_and_not_shown(service: standin.Gemini):
    service.fail(refusal(400, "INVALID_ARGUMENT", "API key not valid: sesame"))
    found = trouble(service, key="sesame")
    assert found.outcome is Outcome.WRONG_KEY
    assert "sesame" not in found.detail


def test_a_slow_answer_ends_in_time(service: standin.Gemini):
    service.delay = 3
    began = time.monotonic()
    assert trouble(service, seconds=0.5).outcome is Outcome.TIMED_OUT
    assert time.monotonic() - began < 2


def test_nobody_there(service: standin.Gemini):
    nowhere = Gemini(KEY, "http://127.0.0.1:9", "gemini-test", 5)
    with pytest.raises(Trouble) as refused:
        nowhere.ask("Be brief.", "Hello", (), SCHEMA)
    assert refused.value.outcome is Outcome.UNAVAILABLE
