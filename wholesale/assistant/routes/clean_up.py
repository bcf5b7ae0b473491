"""Cleaning up what an import brought: a diff to choose from, written when it is chosen."""

from typing import Any

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import signed_in
from wholesale.assistant import blueprint
from wholesale.assistant.cleaning import AT_ONCE, FIELDS, Diff, diffs, records_of, take, told
from wholesale.assistant.forms import SummaryForm
from wholesale.assistant.models import Purpose
from wholesale.assistant.prompts import CLEAN_UP, material
from wholesale.assistant.routes.asking import Question, ask, refuse_off
from wholesale.assistant.schemas import CleanRecords
from wholesale.core.errors import DomainError, NotVisible
from wholesale.extensions import db
from wholesale.imports.models import Import, ImportStatus
from wholesale.imports.queries import import_
from wholesale.web.forms import LARGEST_KEY
from wholesale.web.pages import Answer, done, page


@blueprint.route("/imports/<key:key>/assistant/clean-up", methods=["GET", "POST"])
@signed_in
def clean_up(key: int) -> Answer:
    """Propose cleaner names and addresses; with ``then=take`` write the chosen ones."""
    person = current_user._get_current_object()
    found = import_(db.session, person, key)
    refuse_off()
    if found.kind not in FIELDS or found.stage is not ImportStatus.LOADED:
        raise NotVisible("Only customers and contacts that were imported can be cleaned up.")
    form = SummaryForm()
    if form.validate_on_submit() and request.form.get("then") == "take":
        return _taken(found)
    return _offer(found, form)


def _offer(found: Import, form: SummaryForm) -> Answer:
    """Show the next records, and after a click what would be different."""
    person = current_user._get_current_object()
    after = min(max(request.args.get("after", 0, type=int), 0), LARGEST_KEY)
    records = records_of(db.session, person, found, after)
    proposed: list[Diff] | None = None
    problem, status = "", 200
    if form.is_submitted() and not form.errors and records:
        try:
            proposed = _proposed(found, records)
        except DomainError as refusal:
            db.session.rollback()
            problem, status = refusal.message, refusal.status
    return page(
        "assistant/clean_up.html",
        status=status,
        imported=found,
        form=form,
        records=records,
        proposed=proposed,
        problem=problem,
        following=records[-1].id if len(records) == AT_ONCE else None,
    )


def _proposed(found: Import, records: list[Any]) -> list[Diff]:
    text = material("records", told(found.kind, records))
    record = f"imports:{found.id}"
    said = ask(Question(Purpose.CLEAN_UP, record, CLEAN_UP, text, CleanRecords))
    return diffs(found.kind, records, said)


def _taken(found: Import) -> Answer:
    person = current_user._get_current_object()
    written, stale = take(db.session, person, found, request.form, request.form.getlist("take"))
    db.session.commit()
    flash(f"{written:,} {'field is' if written == 1 else 'fields are'} changed.")
    if stale:
        flash(f"{stale:,} had been changed meanwhile and were left alone.", "bad")
    return done(url_for("imports.import_page", key=found.id))
