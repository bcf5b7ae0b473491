"""The page behind a customer link."""

from wholesale.access.gate import public
from wholesale.links import blueprint
from wholesale.links.pages import opened, page_of
from wholesale.web.limits import limiter
from wholesale.web.pages import Answer


@blueprint.get("/l/<token>")
@public
@limiter.limit("60 per minute")
def customer_link(token: str) -> Answer:
    """Show the document to its customer; opening the link changes nothing."""
    return page_of(opened(token), token)
