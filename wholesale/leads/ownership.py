"""Whose a lead is: claimed by one of several, given back, given to somebody by an administrator."""

from sqlalchemy.orm import Session

from wholesale.access.matrix import Scope
from wholesale.access.queries import Actor, scope_of
from wholesale.accounts.models import User
from wholesale.accounts.queries import salespeople
from wholesale.core.clock import now
from wholesale.core.errors import DomainError, Invalid, NotPermitted
from wholesale.leads.models import Lead
from wholesale.leads.queries import A_MOMENT


def assigns(actor: Actor) -> bool:
    """Tell whether ``actor`` may say whose a lead is; others have only their own."""
    return scope_of(actor, "leads:write") is Scope.ALL


def begin_ownership(session: Session, lead: Lead, owner_id: int | None, by: User) -> None:
    """Make a new lead somebody's from the start: then it never was free to claim."""
    if owner_id is not None:
        _hand_to(lead, by if owner_id == by.id else _salesperson(session, owner_id))
        lead.claimed_at = lead.created_at


def claim(lead: Lead, by: User) -> None:
    """Make ``by`` the owner of a lead that nobody has; its row is locked by then.

    Raises DomainError when somebody else was faster.
    """
    if lead.owner_id == by.id:
        return
    if lead.owner is not None and lead.claimed_at is not None:
        if lead.claimed_at > now() - A_MOMENT:
            raise DomainError(f"{lead.owner.name} claimed it a moment ago.")
        raise DomainError(f"{lead.owner.name} has claimed it.")
    lead.refuse_archived()
    _hand_to(lead, by)


def release(lead: Lead) -> None:
    """Give a lead back: it is everybody's again."""
    _hand_to(lead, None)


def assign(session: Session, lead: Lead, owner_id: int, seen: int | None, by: User) -> None:
    """Give a lead to a salesperson, from the owner it was seen with.

    Raises NotPermitted for who has only their own, Invalid for somebody who does not sell,
    DomainError when the owner changed meanwhile.
    """
    if not assigns(by):
        raise NotPermitted("Only an administrator says whose a lead is.")
    person = _salesperson(session, owner_id)
    if lead.owner_id == owner_id:
        return
    if lead.owner_id != seen:
        present = lead.owner.name if lead.owner else "Nobody"
        raise DomainError(f"{present} has it by now. Assign it again if you want to.")
    _hand_to(lead, person)


def _hand_to(lead: Lead, person: User | None) -> None:
    lead.owner = person
    lead.owner_id = person.id if person else None
    lead.claimed_at = now() if person else None


def _salesperson(session: Session, key: int) -> User:
    found = next((person for person in salespeople(session) if person.id == key), None)
    if found is None:
        words = "Choose somebody who sells."
        raise Invalid(words, owner_id=words)
    return found
