"""Uploading a file: one address per kind, so that each says which permission it needs."""

from typing import Any

from flask import request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from wholesale.access.gate import require
from wholesale.core.errors import Invalid, NotPermitted
from wholesale.extensions import db
from wholesale.imports import blueprint
from wholesale.imports.forms import UploadForm
from wholesale.imports.kinds import KINDS, Kind, may_import
from wholesale.imports.models import Import
from wholesale.imports.uploads import upload
from wholesale.web.errors import error_answer
from wholesale.web.pages import Answer, done, page

MEGABYTES = 25
PREFIX = "imports.new_"


@blueprint.url_value_preprocessor
def _allow_files(endpoint: str | None, _: Any) -> None:
    """Let a file in before anything reads the request's body."""
    if endpoint and endpoint.startswith(PREFIX):
        request.max_content_length = MEGABYTES * 1024 * 1024


@blueprint.errorhandler(413)
def too_large(_: Exception) -> Response:
    """Say how large a file may be, and what to do with a larger one."""
    advice = f"A file has {MEGABYTES} MB at most, and nothing was saved. Save the sheet as CSV"
    return error_answer(413, f"{advice}, which is smaller, or divide it into several files.")


def _new_import(kind: Kind) -> Answer:
    if not may_import(current_user, kind):
        raise NotPermitted
    form = UploadForm()
    if form.validate_on_submit() and (made := _uploaded(kind, form)):
        return done(url_for("imports.columns", key=made.id))
    return page(
        "imports/new.html",
        status=422 if form.errors else 200,
        form=form,
        kind=kind,
        offered=kind.offered(current_user),
        megabytes=MEGABYTES,
    )


def _uploaded(kind: Kind, form: UploadForm) -> Import | None:
    """Keep the file; None, with the reason at the field, when it cannot be read."""
    file, by = form.file.data, current_user._get_current_object()
    size = file.stream.seek(0, 2)
    name, key = file.filename or "", form.entry_key
    try:
        made = upload(db.session, kind, name, file.stream, size, key, by)
        db.session.commit()
        return made
    except Invalid as refusal:
        db.session.rollback()
        form.file.errors = [refusal.fields.get("file", refusal.message)]
        return None


def _view(kind: Kind) -> Any:
    @require(kind.permissions[0])
    def new_import() -> Answer:
        return _new_import(kind)

    return new_import


for _kind in KINDS.values():
    blueprint.add_url_rule(
        f"/imports/new/{_kind.name}",
        f"new_{_kind.name}",
        _view(_kind),
        methods=["GET", "POST"],
    )
