"""Choosing what the columns of an uploaded file mean."""

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import signed_in
from wholesale.core.errors import DomainError
from wholesale.core.text import clean_line
from wholesale.extensions import db
from wholesale.imports import blueprint, queries, uploads
from wholesale.imports.forms import OptionsForm
from wholesale.imports.kinds import KINDS, Kind
from wholesale.imports.models import Import, ImportStatus
from wholesale.imports.routes.page import start
from wholesale.imports.sources import look_into, stream_of
from wholesale.web.pages import Answer, done, page


@blueprint.route("/imports/<key:key>/columns", methods=["GET", "POST"])
@signed_in
def columns(key: int) -> Answer:
    """Choose the columns, and begin the dry run."""
    found = _open(key, lock=request.method == "POST")
    kind = KINDS[found.kind]
    form = OptionsForm(obj=found)
    chosen, wrong = dict(found.columns), {}
    if form.validate_on_submit():
        chosen = _chosen(found, kind)
        options = {name: form[name].data for name in ("takes_duplicates", "makes_categories")}
        try:
            uploads.choose_columns(db.session, found, chosen, options)
            return start(found, ImportStatus.CHECKING)
        except uploads.ColumnsRefused as refusal:
            wrong = refusal.wrong
    return _page(found, kind, form, chosen, wrong)


@blueprint.post("/imports/<key:key>/sheet")
@signed_in
def sheet(key: int) -> Answer:
    """Take another sheet of the workbook."""
    found = _open(key, lock=True)
    wanted = request.form.get("sheet", "")
    if wanted not in found.sheets:
        raise DomainError("The workbook has no such sheet.")
    uploads.choose_sheet(db.session, found, wanted, current_user._get_current_object())
    db.session.commit()
    flash(f"The rows of “{wanted}” are taken.")
    return done(url_for("imports.columns", key=key))


def _open(key: int, *, lock: bool) -> Import:
    found = queries.import_(db.session, current_user._get_current_object(), key, lock=lock)
    if found.is_running or found.stage in (ImportStatus.LOADED, ImportStatus.UNDONE):
        raise DomainError(f"The file is on its way: {found.stage.label.lower()}.")
    return found


def _chosen(found: Import, kind: Kind) -> dict[str, str]:
    """Read the chosen fields; what is not offered is nothing."""
    offered = {column.name for column in kind.offered(current_user)}
    picked = {
        header: clean_line(request.form.get(f"column-{place}"))
        for place, header in enumerate(found.header)
        if header
    }
    return {header: name for header, name in picked.items() if name in offered}


def _page(
    found: Import, kind: Kind, form: OptionsForm, chosen: dict[str, str], wrong: dict[str, str]
) -> Answer:
    with stream_of(db.session, found) as stream:
        first = look_into(stream, found.filename, found.sheet).first
    return page(
        "imports/columns.html",
        status=422 if wrong else 200,
        imported=found,
        kind=kind,
        offered=kind.offered(current_user),
        form=form,
        chosen=chosen,
        wrong=wrong,
        first=first,
    )
