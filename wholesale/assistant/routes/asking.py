"""Asking a question within a request: written down, asked without a transaction, written down."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic

from flask import current_app
from flask_login import current_user

from wholesale.assistant import operations
from wholesale.assistant.gemini import File, Gemini, Reply, Trouble
from wholesale.assistant.models import AssistantCall, Outcome, Purpose
from wholesale.assistant.prompts import COMMON
from wholesale.assistant.schemas import Expected, gemini_schema, read_answer
from wholesale.core.errors import DomainError
from wholesale.extensions import db

AGAIN = "Try again, or go on by hand: nothing was lost."
LESS = "Try again with less at once, or go on by hand: nothing was lost."
WORDS = {
    Outcome.GARBAGE: f"The assistant's answer could not be read. {AGAIN}",
    Outcome.EMPTY: f"The assistant gave no answer to this. {AGAIN}",
    Outcome.TOO_LARGE: f"The assistant's answer was too long. {LESS}",
    Outcome.TIMED_OUT: f"The assistant took too long. {LESS}",
    Outcome.LIMITED: "The assistant has too much to do. Try again in a minute: nothing was lost.",
    Outcome.UNAVAILABLE: f"The AI service cannot be reached at the moment. {AGAIN}",
    Outcome.WRONG_KEY: "The AI service does not accept our key. Tell an administrator: nothing"
    " was lost.",
    Outcome.REFUSED: "The AI service refused this question. Go on by hand: nothing was lost.",
}

_places = threading.Semaphore(3)  # of the server's threads; the others are for pages


class Off(DomainError):
    """There is no key."""

    code = "assistant_off"


class NoAnswer(DomainError):
    """No answer that can be used; the message says what to do."""

    status = 503
    code = "no_answer"


@dataclass(frozen=True)
class Question(Generic[Expected]):
    """What to ask: the task, the material, files, and what the answer has to be."""

    purpose: Purpose
    record: str
    instruction: str
    text: str
    expected: type[Expected]
    files: Sequence[File] = ()

    @property
    def task(self) -> str:
        """What the model is told to do."""
        return f"{COMMON}\n\n{self.instruction}"

    @property
    def kept(self) -> str:
        """What is written down of the question."""
        names = [f"[{file.mime_type}, {len(file.data):,} bytes]" for file in self.files]
        return "\n".join([*names, self.text])


def refuse_off() -> None:
    """Raise Off when no key is set."""
    if not current_app.config["GOOGLE_API_KEY"]:
        raise Off("The assistant is off: no key is set. Everything works without it.")


def ask(question: Question[Expected]) -> Expected:
    """Return the answer to ``question``. Raises Off, Spent, or NoAnswer.

    What was read before is committed, so that no connection waits for the service.
    """
    refuse_off()
    call = _begun(question)
    db.session.commit()
    began, reply, trouble = time.monotonic(), None, None
    try:
        reply = _asked(question)
        return read_answer(reply, question.expected)
    except Trouble as error:
        trouble, reply = error, error.reply
        raise NoAnswer(WORDS[error.outcome]) from None
    except Exception as fault:
        trouble = Trouble(Outcome.FAILED, type(fault).__name__)
        raise
    finally:
        spent = round((time.monotonic() - began) * 1000)
        operations.finish(db.session, call, spent, reply, trouble)
        db.session.commit()


def _begun(question: Question[Expected]) -> AssistantCall:
    config = current_app.config
    return operations.begin(
        db.session,
        current_user,
        question.purpose,
        record=question.record,
        model=config["GEMINI_MODEL"],
        prompt=question.kept,
        estimate=operations.estimate_of(question.task + question.text, len(question.files)),
        budget=config["ASSISTANT_DAILY_TOKENS"],
    )


def _asked(question: Question[Expected]) -> Reply:
    """Ask, unless so many do that pages would have to wait for them. Raises Trouble."""
    config = current_app.config
    gemini = Gemini(config["GOOGLE_API_KEY"], config["GEMINI_ENDPOINT"], config["GEMINI_MODEL"])
    schema = gemini_schema(question.expected)
    if not _places.acquire(blocking=False):
        raise Trouble(Outcome.LIMITED, "too many questions at once in this process")
    try:
        return gemini.ask(question.task, question.text, question.files, schema)
    finally:
        _places.release()
