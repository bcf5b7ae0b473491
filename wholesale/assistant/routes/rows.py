"""An order from a mail or a file: it fills the preview of pasted rows, and writes nothing."""

import json
from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from wholesale.access.gate import require
from wholesale.assistant import blueprint, files
from wholesale.assistant.forms import MaterialForm
from wholesale.assistant.gemini import File
from wholesale.assistant.models import Purpose
from wholesale.assistant.prompts import ROWS, material
from wholesale.assistant.routes.asking import Question, ask, refuse_off
from wholesale.assistant.rows import paste_text
from wholesale.assistant.schemas import ProposedRows
from wholesale.changes.queries import change
from wholesale.core.errors import DomainError
from wholesale.extensions import db
from wholesale.lines.forms import PasteForm
from wholesale.lines.matching import match_text
from wholesale.lines.models import Lined
from wholesale.lines.routes.paste import preview
from wholesale.orders.queries import order
from wholesale.quotes.queries import quote
from wholesale.web.errors import error_answer
from wholesale.web.pages import Answer, page

Load = Callable[..., Any]
# Noun, permission, how the person's own documents are loaded.
ROOMS: tuple[tuple[str, str, Load], ...] = (
    ("order", "orders:update", order),
    ("quote", "quotes:write", quote),
    ("change", "orders:update", change),
)
NOTHING = "No order was found in this. Paste the rows by hand, or give more of it."


@blueprint.url_value_preprocessor
def _allow_files(endpoint: str | None, _: Any) -> None:
    """Let a file in before anything reads the request's body."""
    if endpoint and endpoint.endswith("_rows"):
        request.max_content_length = files.LARGEST + 1024 * 1024


@blueprint.errorhandler(413)
def too_large(_: Exception) -> Response:
    """Say how large a file may be."""
    return error_answer(413, f"A file has {files.MEGABYTES} MB at most, and nothing was saved.")


def _propose(document: Lined) -> Answer:
    refuse_off()
    document.refuse_closed()
    form = MaterialForm()
    status = 200
    if form.validate_on_submit():
        try:
            return _proposal(document, form)
        except (ValueError, DomainError) as problem:
            db.session.rollback()
            status = getattr(problem, "status", 422)
            form.text.errors = [str(problem)]
    status = 422 if form.errors and status == 200 else status
    return page("assistant/rows.html", status=status, document=document, form=form, kinds=files)


def _proposal(document: Lined, form: MaterialForm) -> Answer:
    """Answer with the preview of what the mail or file seems to order. Raises ValueError."""
    text, given = form.text.data or "", form.file.data
    read = files.read_file(given.stream.read(files.LARGEST + 1)) if given else ""
    sent = [read] if isinstance(read, File) else []
    parts = [material("mail", text)] if text.strip() else []
    parts += [material("file", read)] if isinstance(read, str) and read else []
    question = Question(
        Purpose.ROWS,
        f"{document.__tablename__}:{document.ref}",
        ROWS,
        "\n\n".join(parts) or "The material is the file.",
        ProposedRows,
        sent,
    )
    rows, sources = paste_text(ask(question), None if sent else f"{text}\n{read}")
    if not rows:
        raise ValueError(NOTHING)
    paste = PasteForm(
        formdata=None,
        rows=rows,
        lines_version=document.lines_version,
        sources=json.dumps(sources),
    )
    url = url_for(f"{document.noun}s.paste", ref=document.ref)
    return preview(document, paste, match_text(db.session, rows), url=url)


def _view(permission: str, load: Load) -> Any:
    @require(permission)
    def rows(ref: str) -> Answer:
        return _propose(load(db.session, current_user, ref, permission))

    return rows


for _noun, _permission, _load in ROOMS:
    blueprint.add_url_rule(
        f"/{_noun}s/<ref>/paste/proposal",
        f"{_noun}_rows",
        _view(_permission, _load),
        methods=["GET", "POST"],
    )
