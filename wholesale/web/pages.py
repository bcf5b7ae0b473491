"""One answer for both kinds of visitor: htmx gets the block it asked for, a browser the page."""

import json
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from jinja2_fragments.flask import render_block
from markupsafe import Markup
from werkzeug.wrappers import Response

from wholesale.core.text import clean_line
from wholesale.web.forms import FilterForm
from wholesale.web.shown import note_filters

Answer = ResponseReturnValue


def wants_fragment() -> bool:
    """Tell whether htmx asks for a part of a page rather than for a page."""
    if request.headers.get("HX-History-Restore-Request") == "true":
        return False
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Request-Type") != "full"
    )


def target_id() -> str:
    """Return the id of the element htmx will swap; ``main`` when it names none."""
    return request.headers.get("HX-Target", "").partition("#")[2] or "main"


def page(
    template: str,
    *,
    status: int = 200,
    blocks: dict[str, str] | None = None,
    url: str | None = None,
    **context: Any,
) -> Response:
    """Answer with ``template``, or with one of its blocks when htmx asks for a part.

    ``blocks`` maps the ids that the page may swap to block names; every other target
    gets ``content`` with the shell's changing parts out of band. ``url`` is the address
    to show in the browser after a fragment, when it differs from the request's.
    """
    if isinstance(context.get("form"), FilterForm):
        note_filters(context["form"])
    if not wants_fragment():
        return make_response(render_template(template, **context), status)
    block = (blocks or {}).get(target_id())
    if block is not None:
        body = render_block(template, block, **context)
    else:
        body = render_block(template, "content", **context) + moved(template, context)
    answer = make_response(body + toasts(), status)
    if url:
        answer.headers["HX-Push-Url"] = url
    return answer


def moved(template: str, context: dict[str, Any]) -> str:
    """Render what of the shell changes with ``template``: title, breadcrumb, the rail's mark."""
    return render_template(
        "shell/_moved.html",
        title=render_block(template, "title", **context),
        crumbs=Markup(render_block(template, "crumbs", **context)),  # noqa: S704 - our template
    )


def typed(name: str = "q") -> str:
    """Return what was typed into a search, cleaned and of a length worth searching for."""
    return clean_line(request.values.get(name))[:200]


def done(url: str) -> Response:
    """Go to ``url`` after a change: htmx fetches it into ``#main``, a browser follows a 303."""
    if request.headers.get("HX-Request") != "true":
        return redirect(url, 303)
    answer = make_response("", 200)
    place = {"path": url, "target": "#main", "swap": "innerHTML show:top"}
    if urlsplit(request.headers.get("HX-Current-URL", "")).path == urlsplit(url).path:
        place["push"] = "false"  # the address is shown already; once in the history is enough
    answer.headers["HX-Location"] = json.dumps(place)
    return answer


def partial(template: str, **context: Any) -> str:
    """Render a template of its own as a part of an answer."""
    return render_template(template, **context)


def fragments(*parts: str, status: int = 200, tells: str = "") -> Response:
    """Answer an htmx request with ``parts``, each marked for where it belongs, and new toasts.

    ``tells`` names an event on which other panels of the page fetch themselves anew.
    """
    answer = make_response("".join(parts) + toasts(), status)
    if tells:
        # Told to the body: the form that was sent may be gone with the swap.
        answer.headers["HX-Trigger"] = json.dumps({tells: {"target": "body"}})
    return answer


def toasts() -> str:
    """Render messages flashed since the last answer, to be appended to the toast list.

    A panel that fetches itself takes none: its answer may be thrown away, or race the page's.
    """
    if request.method == "GET" and wants_fragment() and target_id() != "main":
        return ""
    return render_template("shell/_toasts.html")


def nav(url: str) -> Markup:
    """Return a link's attributes: its address, and the same for htmx into ``#main``."""
    return Markup(
        'href="{0}" hx-get="{0}" hx-target="#main" hx-push-url="true" hx-swap="innerHTML show:top"'
    ).format(url)


def here(**changes: Any) -> str:
    """Return the address of this page with some query parameters changed (None removes)."""
    return f"{request.path}{query_string(**changes)}"


def query_string(**changes: Any) -> str:
    """Return this request's query string, with its ``?``, with some parameters changed."""
    values: dict[str, Any] = request.args.to_dict(flat=False) | changes
    kept = {name: value for name, value in values.items() if value not in (None, "", [""], [])}
    return f"?{urlencode(kept, doseq=True)}" if kept else ""
