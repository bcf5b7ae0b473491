"""What is written down of each question, the daily budget, and the page of both."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.assistant.test_rows import MAIL, ROWS, asked, propose
from tests.cast import Cast
from tests.drafts import Draft
from tests.standins.gemini import KEY, Gemini, written
from tests.visitor import Visitor
from wholesale.assistant.models import AssistantCall
from wholesale.assistant.redaction import redacted
from wholesale.audit.models import AuditEntry
from wholesale.core.clock import now
from wholesale.jobs.queue import defer


def spent(user_id: int, tokens: int) -> AssistantCall:
    """Return a question that took ``tokens``."""
    return AssistantCall(
        user_id=user_id, purpose="list", model="m", prompt="p", outcome="answered", tokens_in=tokens
    )


def test_a_question_is_written_down_redacted(
    gemini: Gemini, rep: Visitor, draft: Draft, session: Session, cast: Cast
):
    gemini.says = ROWS
    propose(rep, draft)
    call = asked(session)
    assert (call.user_id, call.purpose) == (cast.users["sales"], "rows")
    assert call.record == f"orders:{draft.ref}"
    assert (call.tokens_in, call.tokens_out, call.outcome) == (120, 30, "answered")
    assert call.milliseconds > 0
    assert "twelve of the home jersey" in call.prompt
    assert "umbrella" in call.answer
    assert "coach@club.example" not in call.prompt
    assert "555 010" not in call.prompt
    assert KEY not in call.prompt + call.answer


def test_a_question_is_in_the_trail(gemini: Gemini, rep: Visitor, draft: Draft, session: Session):
    gemini.says = ROWS
    propose(rep, draft)
    key = str(asked(session).id)
    entry = session.query(AuditEntry).filter_by(entity="assistant_calls", entity_id=key).one()
    assert entry.action == "asked the assistant"
    assert entry.after["record"] == f"orders:{draft.ref}"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Mail a.b+c@d.example now", "Mail [e-mail] now"),
        ("Call (555) 010-7788 or +49 30 1234567", "Call [number] or [number]"),
        ("See https://evil.example/x?y=1 and javascript:alert(1)", "See [link] and [link]"),
        ("IBAN DE44 5001 0517 5407 3249 31", "IBAN [account]"),
        ("O-2026-00001 by 2026-11-26, 12 x JRS-1", "O-2026-00001 by 2026-11-26, 12 x JRS-1"),
        ("a\x00b", "ab"),
    ],
)
def test_what_is_kept_of_a_text(text: str, kept: str):
    assert redacted(text) == kept


def test_a_long_text_is_cut():
    assert redacted("word " * 5000).endswith("… (25,000 characters)")


def test_the_budget_of_a_day(
    app: Flask,
    gemini: Gemini,
    rep: Visitor,
    draft: Draft,
    session: Session,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setitem(app.config, "ASSISTANT_DAILY_TOKENS", 1000)
    gemini.says = ROWS
    session.add(spent(cast.users["sales"], 900))
    session.commit()
    answer = propose(rep, draft)
    assert answer.status_code == 409
    assert "today&#39;s 1,000 tokens" in answer.text
    assert "twelve of the home jersey" in answer.text
    assert gemini.calls == []
    asked(session).created_at = now() - timedelta(days=2)
    session.commit()
    assert propose(rep, draft).status_code == 200


def test_one_persons_budget_is_nobody_else_s(
    app: Flask,
    gemini: Gemini,
    rep: Visitor,
    draft: Draft,
    session: Session,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setitem(app.config, "ASSISTANT_DAILY_TOKENS", 1000)
    session.add(spent(cast.users["ops"], 1000))
    session.commit()
    gemini.says = ROWS
    assert propose(rep, draft).status_code == 200


def test_the_list_of_questions(gemini: Gemini, rep: Visitor, draft: Draft, visit, session: Session):
    gemini.fail(written("nonsense <b>"))
    propose(rep, draft, MAIL)
    admin = visit("admin")
    page = admin.get("/admin/assistant").text
    assert "Rows of a mail or file" in page
    assert "Garbage" in page
    assert "Rita Rep" in page
    shown = admin.get(f"/admin/assistant/{asked(session).id}").text
    assert "nonsense &lt;b&gt;" in shown
    assert "[e-mail]" in shown


def test_a_question_whose_process_died_is_said_to_be_interrupted(session: Session, visit):
    call = AssistantCall(purpose="list", model="m", prompt="p")
    call.created_at = now() - timedelta(minutes=5)
    session.add(call)
    session.commit()
    assert "Interrupted" in visit("admin").get("/admin/assistant").text


def test_what_was_asked_long_ago_is_forgotten(
    session: Session, cast: Cast, work: Callable[[], int]
):
    for days in (89, 91):
        call = spent(cast.users["sales"], days)
        call.created_at = now() - timedelta(days=days)
        session.add(call)
    defer(session, "assistant.forget")
    session.commit()
    assert work() == 1
    assert asked(session).tokens == 89
