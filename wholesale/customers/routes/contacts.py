"""The list of contacts, its download, and the contacts of one customer."""

from typing import Any

from flask import flash, request, url_for
from flask_login import current_user
from sqlalchemy import Select

from wholesale.access.gate import require
from wholesale.customers import blueprint, operations, queries
from wholesale.customers.forms import ContactFilter
from wholesale.customers.models import Contact, Organization
from wholesale.extensions import db
from wholesale.mail.queries import bounced
from wholesale.web.lists import list_answer, list_file
from wholesale.web.pages import Answer, done, fragments, page, partial, wants_fragment

# A file with these headers can be read in again.
COLUMNS = {
    "Customer number": Organization.reference,
    "Customer": Organization.name,
    "Name": Contact.name,
    "Role": Contact.title,
    "E-mail": Contact.email,
    "Phone": Contact.phone,
    "Primary": Contact.is_primary,
    "Archived": Contact.archived_at.is_not(None),
}


def _wanted(form: ContactFilter) -> Select[Any]:
    q, archived = form.q.data or "", bool(form.archived.data)
    query = queries.listed_contacts(current_user, q, archived=archived)
    if not q or form.errors or queries.is_found(db.session, query):
        return query
    keys = queries.similar_contact_keys(db.session, current_user, q)
    form.is_similar = bool(keys)
    return queries.listed_contacts(current_user, q, archived=archived, similar=keys)


@blueprint.get("/contacts")
@require("contacts:read")
def contacts() -> Answer:
    """List contacts; the query string says which."""
    form = ContactFilter(request.args)

    def may_edit(contact: Contact) -> bool:
        return operations.may_edit_contact(current_user, contact)

    shown = {"may_edit": may_edit}
    return list_answer("customers/contacts.html", form, _wanted, queries.CONTACTS, **shown)


@blueprint.get("/contacts.<any(csv, xlsx):kind>")
@require("contacts:read")
def contacts_file(kind: str) -> Answer:
    """Download what the list shows."""
    form = ContactFilter(request.args)
    return list_file(kind, "contacts", COLUMNS, form, _wanted, queries.CONTACTS)


@blueprint.get("/organizations/<key:key>/contacts")
@require("contacts:read")
def organization_contacts(key: int) -> Answer:
    """Show a customer's contacts, those put away included."""
    found = queries.organization(db.session, current_user, key)
    shown = panel(found, shows_archived=True)
    return page("customers/people.html", blocks={"contacts": "people"}, **shown)


def panel(organization: Organization, *, shows_archived: bool = False) -> dict[str, Any]:
    """Return what the panel of an organization's contacts shows."""
    contacts, archived = queries.people_of(db.session, current_user, organization.id)
    writes = operations.may_write(current_user, organization)
    return {
        "organization": organization,
        "contacts": contacts,
        "archived": archived,
        "bounced": bounced(db.session, [contact.email for contact in contacts]),
        "shows_archived": shows_archived,
        "may_write": writes and organization.merged_into_id is None,
    }


def panel_again(organization: Organization, message: str) -> Answer:
    """Answer a change of a contact with ``message`` and its organization's panel."""
    flash(message)
    if not wants_fragment():
        return done(url_for("customers.organization", key=organization.id))
    return fragments(partial("customers/_contacts.html", **panel(organization)))
