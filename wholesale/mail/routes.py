"""The outbox for admins."""

from wholesale.access.gate import require
from wholesale.extensions import db
from wholesale.mail import blueprint, queries
from wholesale.web.lists import list_page
from wholesale.web.pages import Answer, page


@blueprint.get("/admin/mail")
@require("settings:read")
def outbox() -> Answer:
    """List mails, the latest first."""
    found = list_page(queries.LISTING, queries.mails())
    return page("mail/outbox.html", blocks={"results": "results"}, found=found)


@blueprint.get("/admin/mail/<key:key>")
@require("settings:read")
def mail(key: int) -> Answer:
    """Show one mail."""
    return page("mail/mail.html", mail=queries.mail(db.session, key))
