"""One import's page: what its rows come to, confirming, progress, report, undo."""

from zoneinfo import ZoneInfo

from flask import Response, current_app, flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import signed_in
from wholesale.accounts.models import User
from wholesale.audit.actor import acting
from wholesale.core.errors import DomainError
from wholesale.extensions import db
from wholesale.imports import blueprint, queries, running, uploads
from wholesale.imports.changes import changed_counts
from wholesale.imports.entries import Outcome
from wholesale.imports.forms import GOOD
from wholesale.imports.kinds import KINDS
from wholesale.imports.models import Import, ImportRow, ImportStatus
from wholesale.web.download import download, harmless
from wholesale.web.lists import list_page
from wholesale.web.pages import Answer, done, page


@blueprint.get("/imports/<key:key>")
@signed_in
def import_page(key: int) -> Answer:
    """Show how far an import is and what its rows come to."""
    found = queries.import_(db.session, _me(), key)
    alive = found.is_running and running.is_alive(db.session, key)
    if found.is_running and not alive:
        db.session.refresh(found)  # it may have ended between the two looks
    outcome = request.args.get("outcome", "")
    return page(
        "imports/import.html",
        blocks={"run": "run", "results": "results"},
        imported=found,
        kind=KINDS[found.kind],
        alive=alive,
        interrupted=found.is_running and not alive,
        refused=KINDS[found.kind].refused(_me(), found.columns),
        outcome=outcome,
        outcomes=list(Outcome),
        found=list_page(queries.ROWS, queries.rows_of(found, outcome)),
        changed=changed_counts(db.session, key) if found.stage is ImportStatus.LOADED else {},
    )


@blueprint.post("/imports/<key:key>/check")
@signed_in
def check(key: int) -> Answer:
    """Do the dry run again, perhaps with duplicates."""
    found = queries.import_(db.session, _me(), key, lock=True)
    options = {}
    if "takes_duplicates" in request.form:
        options["takes_duplicates"] = request.form["takes_duplicates"] == "1"
    if found.stage is ImportStatus.UPLOADED:
        raise DomainError("Choose the columns first.")
    return start(found, ImportStatus.CHECKING, **options)


@blueprint.post("/imports/<key:key>/load")
@signed_in
def load(key: int) -> Answer:
    """Write the rows; a second click finds the first one's run."""
    found = queries.import_(db.session, _me(), key, lock=True)
    options = {"good_rows_only": request.form.get("mode") == GOOD}
    return start(found, ImportStatus.LOADING, **({} if found.is_running else options))


@blueprint.route("/imports/<key:key>/undo", methods=["GET", "POST"])
@signed_in
def undo(key: int) -> Answer:
    """Ask, then take the whole import back."""
    found = queries.import_(db.session, _me(), key, lock=request.method == "POST")
    if request.method == "POST":
        return start(found, ImportStatus.UNDOING)
    if found.stage is not ImportStatus.LOADED:
        return done(url_for("imports.import_page", key=key))
    changed = changed_counts(db.session, key)
    return page("imports/undo.html", changed=changed, imported=found, kind=KINDS[found.kind])


@blueprint.post("/imports/<key:key>/discard")
@signed_in
def discard(key: int) -> Answer:
    """Throw an upload away that is not in the records."""
    queries.import_(db.session, _me(), key)
    if running.is_alive(db.session, key):
        raise DomainError("It is being worked on. Wait until that ends.")
    found = queries.import_(db.session, _me(), key, lock=True)
    uploads.discard(db.session, found)
    db.session.commit()
    flash(f"{found.filename} is discarded.")
    return done(url_for("imports.imports"))


@blueprint.get("/imports/<key:key>/problems.<any(csv, xlsx):kind>")
@signed_in
def problems(key: int, kind: str) -> Response:
    """Download the rows that were not written, as they came, each with its reasons."""
    found = queries.import_(db.session, _me(), key)
    named = [name for name in found.header if name]
    headers = ["Line", "Problem", *map(harmless, named)]
    cells = [ImportRow.cells[name].astext for name in named]
    reasons = queries.reasons()
    query = queries.bad_rows(found).with_only_columns(ImportRow.line, reasons, *cells)
    return download(kind, "problems", headers, query, ZoneInfo(current_user.time_zone))


def start(found: Import, status: ImportStatus, **options: bool) -> Answer:
    """Commit what was decided and begin the run, unless one is alive; then go to the page."""
    key = found.id
    running.refuse_too_many(db.session, found)
    claim = running.claim(key)
    if claim is not None:
        try:
            begun = uploads.begin(found, status, **options)
            db.session.commit()
        except BaseException:
            claim.release()
            raise
        if begun:
            claim.start(current_app._get_current_object(), acting())  # type: ignore[attr-defined]
        else:
            claim.release()
    return done(url_for("imports.import_page", key=key))


def _me() -> User:
    user: User = current_user._get_current_object()
    return user
