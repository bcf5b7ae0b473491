"""``flask ai``: how the assistant fares."""

import json
import sys
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from wholesale.assistant.models import AssistantCall
from wholesale.assistant.operations import midnight
from wholesale.assistant.queries import standing
from wholesale.extensions import db
from wholesale.web.commands import as_json

ai = AppGroup("ai", help="The assistant.")


@ai.command("status")
@as_json
def status(as_json: bool) -> None:
    """Say whether the assistant is configured, how it last fared, and what today took (UTC).

    The exit code is 1 when it is configured and its last question failed.

    Example: flask ai status --json
    """
    found, config = standing(db.session, midnight("UTC")), current_app.config
    is_on = bool(config["GOOGLE_API_KEY"])
    state = {
        "configured": is_on,
        "model": config["GEMINI_MODEL"],
        "last_success": _moment(found.success),
        "last_error": _moment(found.failure),
        "last_error_was": f"{found.failure.outcome}: {found.failure.error}".strip(": ")
        if found.failure
        else None,
        "calls_today": found.calls,
        "tokens_today": found.tokens,
        "tokens_a_day_each": config["ASSISTANT_DAILY_TOKENS"],
    }
    if as_json:
        click.echo(json.dumps(state, indent=2))
    else:
        for name, value in state.items():
            click.echo(f"{name.replace('_', ' '):<18} {_word(value)}")
    sys.exit(1 if is_on and found.is_failing else 0)


def _moment(call: AssistantCall | None) -> str | None:
    return call.updated_at.isoformat(timespec="seconds") if call else None


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)
