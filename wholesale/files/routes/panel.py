"""A record's files: the panel on its page, downloads, thumbnails."""

import structlog
from flask import current_app, make_response, redirect, request
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.core.errors import DomainError, NotVisible
from wholesale.extensions import db
from wholesale.files import blueprint, pages, queries
from wholesale.files.forms import FilesForm
from wholesale.files.kinds import EXTENSIONS
from wholesale.files.models import FileState, size_words
from wholesale.files.operations import may_write
from wholesale.files.pages import Holder
from wholesale.files.pictures import THUMBNAIL_TYPE
from wholesale.files.storage import storage
from wholesale.web.pages import Answer, page

log = structlog.get_logger("files")
RECORD = "/<any(organizations, leads, quotes, orders, products):kind>/<code:ref>"
BLOCKS = {"record-files": "panel", "file-list": "list"}


def holder(kind: str, ref: str) -> Holder:
    """Return the record of an address as the reader sees it. Raises NotVisible."""
    return pages.holder(db.session, current_user, kind, ref)


@blueprint.get(f"{RECORD}/files")
@require("files:read")
def panel(kind: str, ref: str) -> Answer:
    """Show a record's files: a panel of its page, and a page of its own."""
    return files_page(holder(kind, ref))


def files_page(
    found: Holder, form: FilesForm | None = None, replacing: int | None = None
) -> Answer:
    """Answer with a record's files; ``form`` has what was refused, of the file ``replacing``."""
    files = queries.files_of(db.session, found)
    quota = current_app.config["FILES_QUOTA"]
    customer = found.customer_id
    used = queries.bytes_of_customer(db.session, customer) if customer else None
    return page(
        "files/files.html",
        blocks=BLOCKS,
        status=422 if form and form.errors else 200,
        holder=found,
        files=[file for file in files if not file.is_archived],
        archived=[file for file in files if file.is_archived],
        is_waiting=any(file.current.state == FileState.WAITING for file in files),
        may_write=may_write(current_user, found),
        form=form or FilesForm().with_ids("new"),
        replacing=replacing,
        accept=",".join(f".{ending}" for ending in EXTENSIONS),
        used=None if used is None else f"{size_words(used)} of {size_words(quota)}",
    )


@blueprint.get(f"{RECORD}/files/<key:key>/<key:number>")
@require("files:read")
def download(kind: str, ref: str, key: int, number: int) -> Answer:
    """Lead to a short-lived address at which one version is saved."""
    version = queries.version_of(db.session, holder(kind, ref), key, number)
    if not version.is_ready:
        words = version.problem or "It is being prepared: try again in a moment."
        raise DomainError(f"{version.name} cannot be downloaded. {words}")
    link = storage().download_link(version.object_key, version.name, version.content_type)
    log.info("file handed out", file=key, version=number)
    return redirect(link, 302)


@blueprint.get(f"{RECORD}/files/<key:key>/<key:number>/thumbnail")
@require("files:read")
def thumbnail(kind: str, ref: str, key: int, number: int) -> Answer:
    """Serve a picture as the panel shows it; a version's never changes."""
    version = queries.version_of(db.session, holder(kind, ref), key, number)
    if version.thumbnail_key is None:
        raise NotVisible("There is no picture of this file.")
    tag = version.sha256[:32]
    if request.if_none_match.contains(tag):
        answer = make_response(b"", 304)
    else:
        with storage().open(version.thumbnail_key) as file:
            answer = make_response(file.read())
    answer.set_etag(tag)
    answer.content_type = THUMBNAIL_TYPE
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
