"""Floor 8: proposals by Gemini, under the reader's own permissions; nothing needs them."""

from flask import Blueprint, current_app

blueprint = Blueprint("assistant", __name__)


@blueprint.app_template_global()
def assistant_is_on() -> bool:
    """Tell whether there is a key: without one no page offers the assistant."""
    return bool(current_app.config["GOOGLE_API_KEY"])


from wholesale.assistant import routes, tasks  # noqa: E402, F401
