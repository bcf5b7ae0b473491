"""New customers and contacts that are, by all that one can see, here already."""

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from wholesale.customers.models import Contact, Organization
from wholesale.imports.entries import Entry
from wholesale.imports.finding import folded_names, standing


def mark_alike(session: Session, record: str, entries: list[Entry]) -> None:
    """Mark the new entries that look like a record that exists, or like an earlier row."""
    new = [entry for entry in entries if entry.before is None and not entry.duplicate]
    if record == "organizations" and new:
        _organizations(session, new)
    if record == "contacts" and new:
        _contacts(session, new)


def _organizations(session: Session, new: list[Entry]) -> None:
    """By name and city; of one without a city the name is enough."""
    folded = func.search_key(Organization.name)
    names = {entry.apart[0][1] for entry in new}
    query = select(folded, Organization.name, Organization.city).where(
        folded.in_(names), standing()
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for key, name, city in session.execute(query):
        found.setdefault(key, []).append((name, city or ""))
    for entry in new:
        city = (entry.values.get("city") or "").lower()
        alike = [n for n, c in found.get(entry.apart[0][1], []) if c.lower() == city or not c]
        if not city:
            alike = [name for name, _ in found.get(entry.apart[0][1], [])]
        if alike:
            entry.duplicate = f"There is a customer “{alike[0]}” already, with another number."
        elif entry.alike != entry.row.line:
            entry.duplicate = f"Line {entry.alike} has the same name and city."


def _contacts(session: Session, new: list[Entry]) -> None:
    """By name or e-mail address at the same customer."""
    customers = {entry.values["organization_id"] for entry in new}
    names = folded_names(session, [entry.values["name"] for entry in new])
    folded = func.search_key(Contact.name)
    wanted = [(entry.values["organization_id"], names[entry.values["name"]]) for entry in new]
    mails = [entry.values["email"] for entry in new if entry.values.get("email")]
    query = select(Contact.organization_id, folded, Contact.email, Contact.name).where(
        Contact.organization_id.in_(customers),
        tuple_(Contact.organization_id, folded).in_(wanted) | Contact.email.in_(mails),
    )
    by_name, by_mail = {}, {}
    for customer, name, mail, shown in session.execute(query):
        by_name[(customer, name)] = shown
        by_mail[(customer, (mail or "").lower())] = shown
    for entry in new:
        customer = entry.values["organization_id"]
        mail = (entry.values.get("email") or "").lower()
        alike = by_name.get((customer, names[entry.values["name"]]))
        alike = alike or (by_mail.get((customer, mail)) if mail else None)
        if alike:
            entry.duplicate = f"“{alike}” is at this customer already."
        elif entry.alike != entry.row.line:
            entry.duplicate = f"Line {entry.alike} has the same name or e-mail address."
