"""What was asked, by whom and at what cost: for administrators."""

from flask import current_app

from wholesale.access.gate import require
from wholesale.assistant import blueprint, queries
from wholesale.extensions import db
from wholesale.web.lists import list_page
from wholesale.web.pages import Answer, page


@blueprint.get("/admin/assistant")
@require("settings:read")
def calls() -> Answer:
    """List questions, the latest first."""
    found = list_page(queries.LISTING, queries.calls())
    budget = current_app.config["ASSISTANT_DAILY_TOKENS"]
    blocks = {"results": "results"}
    return page("assistant/calls.html", blocks=blocks, found=found, budget=budget)


@blueprint.get("/admin/assistant/<key:key>")
@require("settings:read")
def call(key: int) -> Answer:
    """Show one question with its redacted prompt and answer."""
    return page("assistant/call.html", call=queries.call(db.session, key))
