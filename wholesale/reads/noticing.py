"""Notices what each answer lets somebody read; costs the request no statement and no failure."""

import structlog
from flask import Flask, current_app, g, request, session
from werkzeug.wrappers import Response

from wholesale.core.clock import now
from wholesale.reads.buffer import Buffer, Count, Read
from wholesale.reads.models import Way
from wholesale.web.security import client_address
from wholesale.web.shown import shown

# Pages of the application itself, of one's own account, and pictures that are parts of a page.
OF_NO_RECORD = {"system", "jobs", "notifications", "access"}
UNNOTED = {"static", "accounts.account", "accounts.sign_in", "accounts.forgot_password"}
UNNOTED |= {"catalog.image", "catalog.thumbnail", "files.thumbnail", "catalog.surcharges"}
UNNOTED |= {"files.fetch"}  # the signed address that a download led to: it is noted as that
# What leads to the bytes themselves.
DOWNLOADS = {"files.download", "quotes.revision_pdf", "quotes.customer_pdf"}
LONGEST = 200
log = structlog.get_logger("reads")


def init_app(app: Flask) -> None:
    """Have the answers of ``app`` noticed."""
    app.extensions["reads"] = Buffer()

    @app.after_request
    def notice(response: Response) -> Response:
        try:
            if _is_read(response):
                _note(response)
        except Exception:
            log.exception("a read was not noted")
        return response


def _is_read(response: Response) -> bool:
    if g.get("user_id") is None and g.get("link_id") is None:
        return False
    if request.endpoint is None or not is_noted(request.endpoint) or g.get("is_unasked"):
        return False
    if request.path.endswith("/new") and not request.args.get("q"):
        return False  # an empty form
    is_download = request.endpoint in DOWNLOADS and response.status_code == 302
    return (request.method == "GET" or shown().is_file) and (
        response.status_code in (200, 206) or is_download
    )


def is_noted(endpoint: str) -> bool:
    """Tell whether the pages of ``endpoint`` show records."""
    return endpoint not in UNNOTED and endpoint.partition(".")[0] not in OF_NO_RECORD


def _note(response: Response) -> None:
    """Count the read; a file's once its last row is handed out."""
    buffer: Buffer = current_app.extensions["reads"]
    told, moment = shown(), now()
    kind, record, rest = _subject()
    way = _way(record)
    read = Read(
        user_id=g.get("user_id"),
        link_id=None if g.get("user_id") else g.get("link_id"),
        session_id=getattr(session, "key", None),
        address=client_address(),
        hour=moment.replace(minute=0, second=0, microsecond=0),
        kind=kind,
        record=record[:LONGEST],
        detail=" ".join([rest, *told.filters]).strip()[:LONGEST],
        way=way,
    )

    def count() -> None:
        buffer.add(read, Count(moment, moment, rows=told.rows))

    if told.is_file and not response.direct_passthrough:  # a workbook is complete by now
        response.call_on_close(count)
    else:
        count()


def _way(record: str) -> Way:
    if shown().is_file:
        return Way.EXPORT
    if request.endpoint in DOWNLOADS:
        return Way.DOWNLOAD
    return Way.PAGE if record else Way.LIST


def _subject() -> tuple[str, str, str]:
    """Return the kind of record, its code or key, and the rest, as the address names them.

    ``/orders/o-2026-00001/history`` is ``("orders", "O-2026-00001", "history")``. A customer's
    link stands under its key, never under its token.
    """
    rule, values = request.url_rule, request.view_args or {}
    parts = [part for part in (rule.rule if rule else "").split("/") if part and part != "admin"]
    if not parts:
        return "dashboard", "", ""
    if parts[0] == "l":
        return "links", str(g.link_id), "/".join(parts[2:])
    named = [_value(part, values) for part in parts]
    kind = named[0].partition(".")[0]
    if len(parts) > 1 and parts[1].startswith("<"):
        return kind, named[1], "/".join(named[2:])
    return kind, "", "/".join(named[1:])


def _value(part: str, values: dict[str, object]) -> str:
    """Return what stands for a part of a rule: a code in the letters that it is kept in."""
    if not part.startswith("<"):
        return part
    name = part.rstrip(">").rpartition(":")[2].lstrip("<")
    if name == "token":
        return ""  # it opens something
    text = str(values.get(name, "")).replace("\x00", "")
    is_code = name in ("ref", "code") and not text.lower().startswith("draft-")
    return text.upper() if is_code else text
