"""Writing down each question, before it is asked and when it has ended; the daily budget."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.assistant.gemini import Reply, Trouble
from wholesale.assistant.models import AssistantCall, Outcome, Purpose
from wholesale.assistant.queries import used_since
from wholesale.assistant.redaction import redacted
from wholesale.audit.recording import note
from wholesale.core.clock import now, today
from wholesale.core.errors import DomainError

BUDGET_LOCK = 8_302
CHARACTERS_PER_TOKEN = 4
KEPT = timedelta(days=90)
log = structlog.get_logger("assistant")


class Spent(DomainError):
    """The person's budget of the day is used up."""

    code = "budget"


def begin(
    session: Session,
    user: User,
    purpose: Purpose,
    *,
    record: str,
    model: str,
    prompt: str,
    estimate: int,
    budget: int,
) -> AssistantCall:
    """Write down that ``user`` asks, with an estimate of what it takes. Raises Spent.

    Questions of one person wait for each other here, so that many at once stay within the budget.
    """
    session.execute(select(func.pg_advisory_xact_lock(BUDGET_LOCK, user.id)))
    if used_since(session, user.id, midnight(user.time_zone)) + estimate > budget:
        log.warning("assistant budget spent", user=user.id, purpose=purpose.value)
        raise Spent(
            f"This would take you over today's {budget:,} tokens for the assistant. Ask for less,"
            " or go on tomorrow; everything works without it, too."
        )
    call = AssistantCall(user_id=user.id, purpose=purpose, record=record, model=model)
    call.prompt, call.tokens_in = redacted(prompt), estimate
    session.add(call)
    session.flush()
    return call


def finish(
    session: Session,
    call: AssistantCall,
    milliseconds: int,
    reply: Reply | None,
    trouble: Trouble | None = None,
) -> None:
    """Write down how a question ended, in its row, in the trail and as a line of the log."""
    outcome = trouble.outcome if trouble else Outcome.ANSWERED
    call.outcome, call.milliseconds = outcome, milliseconds
    call.error = redacted(trouble.detail) if trouble else ""
    if reply is not None:
        call.answer = redacted(reply.text)
        call.tokens_in = reply.tokens_in or call.tokens_in
        call.tokens_out = reply.tokens_out
    elif outcome.costs_nothing:
        call.tokens_in = 0
    _tell(session, call)


def forget(session: Session) -> None:
    """Delete what was asked longer ago than is kept."""
    session.execute(delete(AssistantCall).where(AssistantCall.created_at < now() - KEPT))


def _tell(session: Session, call: AssistantCall) -> None:
    """Put the end of a question into the trail and into the log: neither says what was asked."""
    about = {"purpose": str(call.purpose), "outcome": str(call.outcome)}
    note(session, "asked the assistant", "assistant_calls", call.id, record=call.record, **about)
    say = log.info if call.outcome == Outcome.ANSWERED else log.warning
    say(
        "assistant call",
        **about,
        user=call.user_id,
        tokens_in=call.tokens_in,
        tokens_out=call.tokens_out,
        ms=call.milliseconds,
        error=call.error,
    )


def midnight(zone: str) -> datetime:
    """Return the moment at which the day began in ``zone``."""
    day = today(zone)
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))


def estimate_of(text: str, files: int) -> int:
    """Return about how many tokens a question takes, its answer left out."""
    return len(text) // CHARACTERS_PER_TOKEN + files * 2000
