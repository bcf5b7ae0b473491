"""Files straight from the browser to the storage: a signed address, then the server's checks."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from flask import current_app, g, jsonify, request
from flask_login import current_user
from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from wholesale.access.gate import require
from wholesale.core.errors import DomainError, Invalid, NotVisible
from wholesale.extensions import db
from wholesale.files import blueprint, operations, queries
from wholesale.files.intake import announced
from wholesale.files.kinds import type_by_name
from wholesale.files.pages import Holder
from wholesale.files.routes.changes import intake_of, writable
from wholesale.files.routes.panel import RECORD
from wholesale.files.storage import LARGE, LARGE_UPLOAD_LIFE, LinkExpired, new_key, storage
from wholesale.web.limits import limiter
from wholesale.web.pages import Answer

log = structlog.get_logger("files")
LIFE = int(LARGE_UPLOAD_LIFE.total_seconds()) + 600


def told(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """Answer a refusal as JSON, for the script that shows it beside the file."""

    @wraps(view)
    def call(*args: Any, **kwargs: Any) -> Answer:
        try:
            return view(*args, **kwargs)
        except DomainError as refusal:
            db.session.rollback()
            body = {"error": refusal.code, "message": refusal.message}
            return jsonify(body | {"request_id": g.request_id}), refusal.status

    return call


@blueprint.post(f"{RECORD}/uploads")
@require("files:write")
@limiter.limit("240 per minute")
@told
def begin(kind: str, ref: str) -> Answer:
    """Look at what a browser means to send, and say where to."""
    found = writable(kind, ref)
    name, size = announced(request.form.get("name"), _number("size"))
    operations.refuse_over_quota(intake_of(found), size, name)
    file_id = _number("file") or None
    if file_id:
        queries.file_of(db.session, found, file_id)
    key, owner = new_key(), current_user.id
    db.session.rollback()  # lets go of the quota's lock before the bucket is asked
    origin = request.headers.get("Origin") or request.host_url.rstrip("/")
    link = storage().upload_link(key, type_by_name(name), size, origin)
    claim = [key, found.kind, found.key, owner, name, size, file_id]
    return jsonify(
        url=link.url,
        headers=link.headers,
        piece=LARGE if link.is_resumable else 0,
        claim=_claims().dumps(claim),
    )


@blueprint.post(f"{RECORD}/uploads/confirm")
@require("files:write")
@limiter.limit("240 per minute")
@told
def confirm(kind: str, ref: str) -> Answer:
    """Check what came into the storage, and keep it with the record."""
    key, name, size, file_id = _claimed(writable(kind, ref))
    db.session.rollback()  # reading a large file takes its time: nothing is held meanwhile
    looked = operations.look_at(storage(), key, name)
    found = writable(kind, ref)
    replaced = queries.file_of(db.session, found, file_id, lock=True) if file_id else None
    version = operations.keep_object(intake_of(found), key, looked, size, replaced)
    db.session.commit()
    return jsonify(name=version.name, number=version.number, state=version.state)


def _claimed(found: Holder) -> tuple[str, str, int, int | None]:
    """Return what was begun: for this record, by this person. Raises NotVisible, LinkExpired."""
    try:
        claim = _claims().loads(request.form.get("claim", ""), max_age=LIFE)
    except SignatureExpired:
        log.warning("upload refused", reason="expired")
        raise LinkExpired from None
    except BadData:
        log.warning("upload refused", reason="signature")
        raise NotVisible("There is no such upload.") from None
    key, kind, record, user, name, size, file_id = claim
    if (kind, record, user) != (found.kind, found.key, current_user.id):
        log.warning("upload refused", reason="another record or person", record=f"{kind}:{record}")
        raise NotVisible("There is no such upload.")
    return key, name, size, file_id


def _claims() -> URLSafeTimedSerializer:
    fallbacks = current_app.config.get("SECRET_KEY_FALLBACKS") or []
    return URLSafeTimedSerializer([*fallbacks, str(current_app.secret_key)], salt="files-claim")


def _number(name: str) -> int:
    text = request.form.get(name) or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Invalid(f"The {name} of the file is no number.")
    return int(text)
