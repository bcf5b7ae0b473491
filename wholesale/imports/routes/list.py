"""The list of imports."""

from flask_login import current_user

from wholesale.access.gate import signed_in
from wholesale.imports import blueprint, queries
from wholesale.imports.kinds import KINDS, kinds_of
from wholesale.web.lists import list_page
from wholesale.web.pages import Answer, page


@blueprint.get("/imports")
@signed_in
def imports() -> Answer:
    """List one's imports, everybody's for administrators, and what can be imported."""
    return page(
        "imports/imports.html",
        blocks={"results": "results"},
        found=list_page(queries.LISTING, queries.visible_imports(current_user)),
        kinds=kinds_of(current_user),
        all_kinds=KINDS,
    )
