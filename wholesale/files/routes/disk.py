"""The local disk's signed addresses: who holds one may put, or get, that one object."""

import re
from typing import Any

from flask import make_response, request, send_file

from wholesale.access.gate import public
from wholesale.core.errors import NotVisible
from wholesale.extensions import csrf
from wholesale.files import blueprint
from wholesale.files.local import LocalStorage
from wholesale.files.names import disposition
from wholesale.files.storage import LARGE, OPAQUE, LinkRefused, storage
from wholesale.web.pages import Answer

RANGE = re.compile(r"bytes (?:(\d{1,12})-(\d{1,12})|\*)/(\d{1,12})")
# Types that a browser may know; whatever it could run is handed out as plain bytes.
PLAIN = re.compile(r"image/(png|jpeg|gif|webp|tiff)|application/(pdf|zip)|text/(plain|csv)")


@blueprint.url_value_preprocessor
def allow_pieces(endpoint: str | None, _: dict[str, Any] | None) -> None:
    """Let a piece of an upload be as large as the browser sends them."""
    if endpoint == "files.receive":
        request.max_content_length = LARGE + 1  # a server's stream of just the limit is refused


def _disk() -> LocalStorage:
    found = storage()
    if not isinstance(found, LocalStorage):
        raise NotVisible("Files lie in a bucket, not here.")
    return found


@blueprint.put("/storage/<token>")
@public
@csrf.exempt
def receive(token: str) -> Answer:
    """Take an upload, whole or piece by piece; the link is the permission."""
    disk = _disk()
    upload = disk.opened_upload(token)
    if request.mimetype != upload.content_type:
        raise LinkRefused("This link was made for a file of another type.")
    length = request.content_length or 0
    given = RANGE.fullmatch(
        request.headers.get("Content-Range") or f"bytes 0-{length - 1}/{length}"
    )
    if given is None or int(given[3]) != upload.size:
        raise LinkRefused("This link was made for a file of another size.")
    if given[1] is None:  # asked where to go on
        held = disk.held(upload)
    else:
        held = disk.receive(upload, request.stream, int(given[1]))  # type: ignore[arg-type]
    answer = make_response("", 200 if held == upload.size else 308)
    if held and held < upload.size:
        answer.headers["Range"] = f"bytes=0-{held - 1}"
    return answer


@blueprint.get("/storage/<token>")
@public
def fetch(token: str) -> Answer:
    """Hand out one object, to be saved and never to be shown in place."""
    disk = _disk()
    download = disk.opened_download(token)
    kind = download.content_type if PLAIN.fullmatch(download.content_type) else OPAQUE
    answer = send_file(disk.open(download.key), mimetype=kind, max_age=0)
    answer.headers["Content-Disposition"] = disposition(download.name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
