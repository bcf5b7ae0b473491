"""Writes of leads: make, change, move, put away, delete; converting stands in ``conversion``."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.core.clock import now
from wholesale.core.codes import next_code
from wholesale.core.dependents import dependents
from wholesale.core.entry import made_before
from wholesale.core.errors import DomainError, Invalid
from wholesale.customers.models import Contact, Organization
from wholesale.leads.conversion import convert, quote_key
from wholesale.leads.models import Lead
from wholesale.leads.ownership import assigns, begin_ownership
from wholesale.leads.queries import last_mover, reaches
from wholesale.leads.workflow import LeadStage

__all__ = [
    "archive",
    "change_lead",
    "convert",
    "create_lead",
    "delete_lead",
    "move",
    "quote_key",
    "restore",
    "standing_against",
]


def create_lead(
    session: Session,
    values: dict[str, Any],
    organization: Organization | None,
    key: UUID,
    by: User,
) -> Lead:
    """Add a lead, or return the one this form (``key``) made before.

    Who may write only their own becomes its owner. Raises Invalid for an archived customer
    or another customer's contact.
    """
    made = made_before(session, Lead, key)
    if made is not None:
        if not reaches(by, made):
            raise Invalid("This form was used already. Open a new one.")
        return made
    if organization is not None and organization.is_archived:
        raise Invalid(f"{organization.name} is archived. Restore it first.")
    lead = Lead(code=next_code(session, "L"), entry_key=key, organization=organization)
    lead.created_at = lead.last_activity_at = now()
    chosen = values.pop("owner_id", None)
    change_lead(session, lead, values)
    begin_ownership(session, lead, chosen if assigns(by) else by.id, by)
    session.add(lead)
    session.flush()
    return lead


def change_lead(session: Session, lead: Lead, values: dict[str, Any]) -> None:
    """Change some fields. Raises Invalid for a contact that is not the customer's."""
    contact_id = values.get("contact_id")
    if contact_id is not None:
        contact = session.get(Contact, contact_id)
        customer = lead.organization.id if lead.organization else None
        if contact is None or contact.organization_id != customer:
            words = "Choose a contact of this customer."
            raise Invalid(words, contact_id=words)
    for name, value in values.items():
        setattr(lead, name, value if value != "" else None)
    for name in ("score", "value"):
        if name in values:
            setattr(lead, name, values[name] or 0)
    if "company" in values:
        lead.company = values["company"] or ""


def move(session: Session, lead: Lead, stage: LeadStage, seen: str) -> LeadStage:
    """Move a lead to ``stage`` from the one it was seen in, and return where it had been.

    The move counts as activity; one that was made already changes nothing. Raises
    DomainError with who and what when somebody moved it elsewhere meanwhile.
    """
    before = lead.phase
    if before is stage:
        return before
    lead.refuse_archived()
    if seen != before:
        who = last_mover(session, lead)
        raise DomainError(f"{who} moved “{lead.name}” to {before.label} meanwhile.")
    lead.stage = stage
    lead.last_activity_at = now()
    return before


def archive(lead: Lead) -> None:
    """Put a lead away: gone from board and list, readable where it is used."""
    lead.archived_at = lead.archived_at or now()


def restore(lead: Lead) -> None:
    """Bring a lead back."""
    lead.archived_at = None


def standing_against(session: Session, lead: Lead) -> dict[str, int]:
    """Return what refers to a lead, table → rows, and the customer it became."""
    customer = {"customers": 1} if lead.converted_at is not None else {}
    return customer | dependents(session, lead)


def delete_lead(session: Session, lead: Lead) -> None:
    """Delete a lead. Raises DomainError when anything refers to it."""
    if standing_against(session, lead):
        raise DomainError(f"{lead.code} is in use. Archive it instead.")
    session.delete(lead)
