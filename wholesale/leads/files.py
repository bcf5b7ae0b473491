"""Who reads and who adds the files of a lead: who reads and changes the lead."""

from flask import url_for
from sqlalchemy.orm import Session

from wholesale.access.queries import Actor
from wholesale.files.pages import Holder, keeps_files
from wholesale.leads import queries


@keeps_files("leads")
def holder(session: Session, actor: Actor, ref: str) -> Holder:
    """Return the lead with its files' rights. Raises NotVisible outside the scope."""
    found = queries.lead(session, actor, ref)
    return Holder(
        "leads",
        found.code,
        found.id,
        found.code,
        url_for("leads.lead", code=found.code),
        queries.reaches(actor, found),
        found.organization_id,
    )
