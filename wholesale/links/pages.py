"""Which page a customer link opens: each room registers the page of its documents here."""

from collections.abc import Callable

from flask import current_app, g
from itsdangerous import Signer

from wholesale.extensions import db
from wholesale.links.models import CustomerLink
from wholesale.links.operations import signer_of
from wholesale.links.queries import link_by_token
from wholesale.web.pages import Answer

CustomerPage = Callable[[CustomerLink, str], Answer]
_PAGES: dict[str, CustomerPage] = {}


def customer_page(column: str) -> Callable[[CustomerPage], CustomerPage]:
    """Register the page for links whose ``column`` (``quote_id``) is set."""

    def register(view: CustomerPage) -> CustomerPage:
        _PAGES[column] = view
        return view

    return register


def page_of(link: CustomerLink, token: str) -> Answer:
    """Answer with the page of the link's document."""
    return next(view for column, view in _PAGES.items() if getattr(link, column))(link, token)


def signer() -> Signer:
    """Return what signs this application's customer links."""
    fallbacks = current_app.config.get("SECRET_KEY_FALLBACKS") or []
    return signer_of(str(current_app.secret_key), list(fallbacks))


def opened(token: str) -> CustomerLink:
    """Return the link that ``token`` opens. Raises NotVisible."""
    found = link_by_token(db.session, token, signer())
    g.link_id = found.id  # what was read is noted under the link, which has no user
    return found
