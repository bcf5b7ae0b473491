"""The list of contacts, and adding, editing and archiving them."""

from typing import Any

from flask import flash, request, url_for
from flask_login import current_user
from sqlalchemy import Select

from wholesale.access.gate import require
from wholesale.core.errors import DomainError
from wholesale.customers import blueprint, operations, queries
from wholesale.customers.forms import ContactFilter, ContactForm
from wholesale.customers.models import Contact, Organization
from wholesale.extensions import db
from wholesale.web.lists import list_answer, list_file
from wholesale.web.merging import bases, clashes, merge
from wholesale.web.pages import Answer, done, fragments, page, partial, wants_fragment

COLUMNS = {
    "Customer number": Organization.reference,
    "Customer": Organization.name,
    "Name": Contact.name,
    "Role": Contact.title,
    "E-mail": Contact.email,
    "Phone": Contact.phone,
    "Primary": Contact.is_primary,
}


def _wanted(form: ContactFilter) -> Select[Any]:
    return queries.listed_contacts(current_user, form.q.data or "")


@blueprint.get("/contacts")
@require("contacts:read")
def contacts() -> Answer:
    """List contacts; the query string says which."""
    form = ContactFilter(request.args)
    return list_answer("customers/contacts.html", form, _wanted, queries.CONTACTS)


@blueprint.get("/contacts.<any(csv, xlsx):kind>")
@require("contacts:read")
def contacts_file(kind: str) -> Answer:
    """Download what the list shows."""
    form = ContactFilter(request.args)
    return list_file(kind, "contacts", COLUMNS, form, _wanted, queries.CONTACTS)


@blueprint.route("/organizations/<key:key>/contacts/new", methods=["GET", "POST"])
@require("contacts:write")
def new_contact(key: int) -> Answer:
    """Add a contact to a customer."""
    found = queries.organization(db.session, current_user, key, lock=request.method == "POST")
    operations.refuse_foreign(current_user, found)
    form = ContactForm().with_ids("contact")
    if form.validate_on_submit():
        contact = Contact(organization_id=found.id)
        values = {
            name: field.data for name, field in form._fields.items() if hasattr(Contact, name)
        }
        operations.save_contact(db.session, contact, values)
        db.session.commit()
        return _people(found, f"{contact.name} is added.")
    return contact_page(found, form)


@blueprint.route("/contacts/<key:key>/edit", methods=["GET", "POST"])
@require("contacts:write")
def edit_contact(key: int) -> Answer:
    """Edit a contact in place."""
    contact = queries.contact(db.session, current_user, key, lock=request.method == "POST")
    operations.refuse_foreign(current_user, contact.organization)
    if contact.is_archived:
        raise DomainError(f"{contact.name} was archived meanwhile.")
    form = ContactForm(obj=contact).with_ids("contact")
    if form.validate_on_submit():
        values = merge(contact, form, request.form)
        if not clashes(form):
            operations.save_contact(db.session, contact, values)
            db.session.commit()
            return _people(contact.organization, f"{contact.name} is saved.")
    return contact_page(contact.organization, form, contact)


@blueprint.post("/contacts/<key:key>/archive")
@require("contacts:write")
def archive_contact(key: int) -> Answer:
    """Put a contact away."""
    contact = queries.contact(db.session, current_user, key, lock=True)
    operations.refuse_foreign(current_user, contact.organization)
    operations.archive(contact)
    contact.is_primary = False
    db.session.commit()
    return _people(contact.organization, f"{contact.name} is archived.")


def contact_page(
    organization: Organization, form: ContactForm, contact: Contact | None = None
) -> Answer:
    """Answer with the form of a contact, in place on its organization's page."""
    status = 409 if clashes(form) else 422 if form.errors else 200
    return page(
        "customers/contact.html",
        blocks={"contacts": "form"},
        status=status,
        organization=organization,
        contact=contact,
        form=form,
        bases=bases(contact, form, request.form) if contact else {},
    )


def _people(organization: Organization, message: str) -> Answer:
    flash(message)
    if not wants_fragment():
        return done(url_for("customers.organization", key=organization.id))
    people = queries.contacts_of(db.session, current_user, organization.id)
    shown = {"organization": organization, "contacts": people, "may_write": True}
    return fragments(partial("customers/_contacts.html", **shown))
