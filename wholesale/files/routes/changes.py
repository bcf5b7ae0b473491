"""Files by a plain form: added, replaced; archived and restored."""

from typing import Any, BinaryIO, cast

from flask import current_app, flash, request, url_for
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from wholesale.access.gate import require
from wholesale.core.errors import Invalid
from wholesale.extensions import db
from wholesale.files import blueprint, operations, queries
from wholesale.files.forms import FilesForm
from wholesale.files.kinds import ART_LIMIT, MB
from wholesale.files.models import StoredFile
from wholesale.files.operations import Intake
from wholesale.files.pages import Holder
from wholesale.files.routes.panel import RECORD, files_page, holder
from wholesale.files.storage import storage
from wholesale.web.pages import Answer, done, wants_fragment


@blueprint.url_value_preprocessor
def allow_files(endpoint: str | None, _: dict[str, Any] | None) -> None:
    """Let a form bring files; this comes before anything reads it."""
    if endpoint in ("files.add", "files.replace"):
        request.max_content_length = 2 * ART_LIMIT + MB


def writable(kind: str, ref: str) -> Holder:
    """Return a record whose files the person may change. Raises NotVisible, NotPermitted."""
    found = holder(kind, ref)
    operations.refuse_reader(current_user, found)
    return found


def intake_of(found: Holder) -> Intake:
    """Return where files of a record go, for the one who sends them."""
    return Intake(db.session, storage(), found, current_user, current_app.config["FILES_QUOTA"])


@blueprint.post(f"{RECORD}/files")
@require("files:write")
def add(kind: str, ref: str) -> Answer:
    """Add files, several at once: those that can be kept are, of the others it says why not."""
    found = writable(kind, ref)
    form, kept = _taken(found)
    db.session.commit()
    if kept:
        flash(f"Added: {', '.join(kept)}.")
    return files_page(found, form) if form.errors else shown(found)


@blueprint.post(f"{RECORD}/files/<key:key>/versions")
@require("files:write")
def replace(kind: str, ref: str, key: int) -> Answer:
    """Put a new version in the place of a file; the former ones stay."""
    found = writable(kind, ref)
    file = queries.file_of(db.session, found, key, lock=True)
    form, kept = _taken(found, file)
    db.session.commit()
    if form.errors:
        return files_page(found, form, replacing=key)
    flash(f"{kept[0]} is version {file.current.number} now.")
    return shown(found)


@blueprint.post(f"{RECORD}/files/<key:key>/<any(archive, restore):verb>")
@require("files:write")
def archive(kind: str, ref: str, key: int, verb: str) -> Answer:
    """Put a file away, or bring it back."""
    found = writable(kind, ref)
    file = queries.file_of(db.session, found, key, lock=True)
    operations.archive(file, restored=verb == "restore")
    db.session.commit()
    flash(f"{file.name} is {verb}d.")
    return shown(found)


def _taken(found: Holder, replaced: StoredFile | None = None) -> tuple[FilesForm, list[str]]:
    """Keep the files of the request's form; return it with its errors, and what was kept."""
    kept: list[str] = []
    form = FilesForm().with_ids("new")
    sent = [file for file in request.files.getlist("files") if file.filename]
    form.validate()
    problems = [] if sent else ["Choose a file first."]
    if replaced and len(sent) > 1:
        problems, sent = ["Choose the one file that takes the place of this one."], []
    for file in [] if form.errors else sent:
        try:
            kept.append(_kept(found, file, replaced))
            db.session.commit()  # each by itself: the next may take long, or fail
        except Invalid as refusal:
            problems.append(refusal.message)
    form.files.errors = problems
    return form, kept


def _kept(found: Holder, file: FileStorage, replaced: StoredFile | None) -> str:
    stream = cast(BinaryIO, file.stream)
    version = operations.add_file(intake_of(found), stream, file.filename, replaced)
    return version.name


def shown(found: Holder) -> Answer:
    """Answer with a record's files as they are now."""
    if wants_fragment():
        return files_page(found)
    return done(url_for("files.panel", kind=found.kind, ref=found.ref))
