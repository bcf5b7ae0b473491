"""Pasting rows into a document: a preview of what each means, then all that are ready at once."""

from collections.abc import Callable

from flask import flash, request
from flask_login import current_user

from wholesale.core.clock import today
from wholesale.core.errors import Invalid
from wholesale.extensions import db
from wholesale.lines.edit import Refused
from wholesale.lines.forms import PasteForm
from wholesale.lines.matching import Match, match_text, units_by_variant
from wholesale.lines.models import Lined
from wholesale.lines.operations import put_units
from wholesale.lines.routes.grid import document_url
from wholesale.web.pages import Answer, done, page

CHOICE = "choice."
# A second click would add everything twice.
STALE = "Its rows changed since you looked, or the rows are in it already. Look again."


def paste(load: Callable[[bool], Lined]) -> Answer:
    """Show what pasted rows mean; with ``then=add`` write those that are ready.

    ``load`` returns the document, locked or not.
    """
    adding = request.form.get("then") == "add"
    document = load(adding)
    document.refuse_closed()
    form = PasteForm(lines_version=document.lines_version)
    matches: list[Match] | None = None
    if form.validate_on_submit():
        try:
            matches = match_text(db.session, form.rows.data or "", _choices())
            if adding and form.lines_version.data != str(document.lines_version):
                raise Invalid(STALE)
            if adding and any(match.is_ready for match in matches):
                return _add(document, form, matches)
        except (ValueError, Invalid, Refused) as problem:
            db.session.rollback()
            document = load(False)
            form.rows.errors = [_words(problem)]
    form.lines_version.process_data(document.lines_version)
    form.lines_version.raw_data = None
    return preview(document, form, matches)


def _add(document: Lined, form: PasteForm, matches: list[Match]) -> Answer:
    """Write what is ready; what is not stays in the box, to be mended."""
    put_units(db.session, document, units_by_variant(matches), today(current_user.time_zone))
    db.session.commit()
    left = [match.row.again for match in matches if not match.is_ready]
    count = len(matches) - len(left)
    flash(f"{count:,} {'row is' if count == 1 else 'rows are'} added.")
    if not left:
        return done(document_url(document))
    form.rows.process_data("\n".join(left))
    form.lines_version.process_data(document.lines_version)
    form.rows.raw_data = form.lines_version.raw_data = None
    return preview(document, form, match_text(db.session, form.rows.data))


def preview(
    document: Lined, form: PasteForm, matches: list[Match] | None, url: str | None = None
) -> Answer:
    """Answer with what the rows of ``form`` mean; ``url`` is the address to show, if another."""
    return page(
        "lines/paste.html",
        status=422 if form.errors else 200,
        url=url,
        document=document,
        form=form,
        matches=matches or [],
        ready=sum(match.is_ready for match in matches or []),
        units=sum(match.units or 0 for match in matches or [] if match.is_ready),
        choice=CHOICE,
        sources=form.words,
    )


def _choices() -> dict[int, int]:
    """Return the choices made for ambiguous rows: place in the list → key of a variant."""
    found = {}
    for name, value in request.form.items():
        at = name.removeprefix(CHOICE)
        if name.startswith(CHOICE) and at.isdecimal() and value.isdecimal():
            found[int(at[:9])] = int(value[:9])
    return found


def _words(problem: Exception) -> str:
    if isinstance(problem, Refused):
        return " ".join(f"{e.label}: {e.message}" for e in problem.outcome.errors.values())
    return str(problem)
