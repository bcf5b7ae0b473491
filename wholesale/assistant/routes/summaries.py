"""Summaries of a customer and of an order: statements that lead to the records they came from."""

from typing import Any

from wholesale.access.gate import require
from wholesale.assistant import blueprint
from wholesale.assistant.facts import Supported, supported
from wholesale.assistant.forms import SummaryForm
from wholesale.assistant.models import Purpose
from wholesale.assistant.prompts import SUMMARY
from wholesale.assistant.routes.asking import Question, ask, refuse_off
from wholesale.assistant.routes.subjects import Subject, as_material, of_order, of_organization
from wholesale.assistant.schemas import Summary
from wholesale.core.errors import DomainError
from wholesale.extensions import db
from wholesale.web.pages import Answer, page

EITHER = ("GET", "POST")
UNSUPPORTED = "The assistant said nothing that the records show. Look at the record itself."


@blueprint.route("/organizations/<key:key>/assistant/summary", methods=EITHER)
@require("organizations:read")
def organization_summary(key: int) -> Answer:
    """Summarise a customer."""
    return _summary(of_organization(key))


@blueprint.route("/orders/<ref>/assistant/summary", methods=EITHER)
@require("orders:read")
def order_summary(ref: str) -> Answer:
    """Summarise an order."""
    return _summary(of_order(ref))


def _summary(subject: Subject) -> Answer:
    refuse_off()
    form = SummaryForm()
    parts: dict[str, list[Supported]] = {}
    problem, status = "", 200
    if form.validate_on_submit():
        try:
            parts = _parts(subject)
            problem = "" if any(parts.values()) else UNSUPPORTED
        except DomainError as refusal:
            db.session.rollback()
            problem, status = refusal.message, refusal.status
    shown: dict[str, Any] = {"subject": subject, "form": form, "parts": parts, "problem": problem}
    return page("assistant/summary.html", status=status, **shown)


def _parts(subject: Subject) -> dict[str, list[Supported]]:
    """Return heading → statements that a fact shows."""
    facts = subject.facts()
    said = ask(Question(Purpose.SUMMARY, subject.record, SUMMARY, as_material(facts), Summary))
    return {
        "What happened": supported(said.happened, facts),
        "What is open": supported(said.open, facts),
        "Next step": supported(said.next_step, facts),
    }
