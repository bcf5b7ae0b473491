"""Who reads and who adds the files of a quote: who reads and changes the quote."""

from flask import url_for
from sqlalchemy.orm import Session

from wholesale.access.queries import Actor
from wholesale.files.pages import Holder, keeps_files
from wholesale.quotes import queries


@keeps_files("quotes")
def holder(session: Session, actor: Actor, ref: str) -> Holder:
    """Return the quote with its files' rights. Raises NotVisible outside the scope."""
    found = queries.quote(session, actor, ref)
    return Holder(
        "quotes",
        found.ref,
        found.id,
        found.code,
        url_for("quotes.quote", ref=found.ref),
        queries.reaches(actor, found),
        found.organization_id,
    )
