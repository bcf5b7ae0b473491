"""Adding, editing, archiving, restoring and deleting contacts."""

from functools import partial as partial_call

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.core.errors import DomainError, Invalid
from wholesale.customers import blueprint, operations, queries
from wholesale.customers.forms import ContactForm, NewContactForm
from wholesale.customers.models import Contact, Organization
from wholesale.customers.routes.changes import typed_into
from wholesale.customers.routes.contacts import panel_again
from wholesale.extensions import db
from wholesale.web.merging import answer_status, bases, saved
from wholesale.web.pages import Answer, done, page


@blueprint.route("/organizations/<key:key>/contacts/new", methods=["GET", "POST"])
@require("contacts:write")
def new_contact(key: int) -> Answer:
    """Add a contact to a customer."""
    found = queries.organization(db.session, current_user, key, lock=request.method == "POST")
    operations.refuse_foreign(current_user, found)
    operations.refuse_merged(found)
    form = NewContactForm().with_ids("contact")
    if form.validate_on_submit():
        try:
            contact = operations.add_contact(db.session, found, typed_into(form), form.entry_key)
            db.session.commit()
            return panel_again(found, f"{contact.name} is added.")
        except Invalid as refusal:
            form.key.errors = [refusal.message]
    return _contact_page(found, form)


@blueprint.route("/contacts/<key:key>/edit", methods=["GET", "POST"])
@require("contacts:write")
def edit_contact(key: int) -> Answer:
    """Edit a contact in place."""
    contact = _changeable(key, lock=request.method == "POST")
    if contact.is_archived and request.method == "GET":
        flash(f"{contact.name} is archived: restore it among the archived contacts.")
        return done(url_for("customers.organization", key=contact.organization_id))
    if contact.is_archived:
        raise DomainError(f"{contact.name} is archived. Restore it first.")
    form = ContactForm(obj=contact).with_ids("contact")
    change = partial_call(operations.save_contact, db.session, contact)
    if form.validate_on_submit() and saved(contact, form, request.form, change):
        db.session.commit()
        return panel_again(contact.organization, f"{contact.name} is saved.")
    return _contact_page(contact.organization, form, contact)


@blueprint.post("/contacts/<key:key>/<any(archive, restore):verb>")
@require("contacts:write")
def archive_contact(key: int, verb: str) -> Answer:
    """Put a contact away, or bring it back."""
    contact = _changeable(key, lock=True)
    (operations.archive_contact if verb == "archive" else operations.restore)(contact)
    db.session.commit()
    what = "archived" if verb == "archive" else "back in the lists"
    return panel_again(contact.organization, f"{contact.name} is {what}.")


@blueprint.route("/contacts/<key:key>/deletion", methods=["GET", "POST"])
@require("contacts:write")
def contact_deletion(key: int) -> Answer:
    """Say what stands against deleting a contact and offer to archive it; or delete it."""
    contact = _changeable(key, lock=request.method == "POST")
    against = operations.against_contact(db.session, contact)
    if request.method == "POST" and not against:
        operations.delete_contact(db.session, contact)
        db.session.commit()
        return panel_again(contact.organization, f"{contact.name} is deleted.")
    return page(
        "customers/contact_deletion.html",
        blocks={"contacts": "question"},
        status=409 if request.method == "POST" else 200,
        contact=contact,
        organization=contact.organization,
        against=against,
    )


def _changeable(key: int, *, lock: bool) -> Contact:
    contact = queries.contact(db.session, current_user, key, lock=lock)
    operations.refuse_foreign(current_user, contact.organization)
    operations.refuse_merged(contact.organization)
    return contact


def _contact_page(
    organization: Organization, form: ContactForm, contact: Contact | None = None
) -> Answer:
    """Answer with the form of a contact, in place on its organization's page."""
    status = answer_status(form)
    return page(
        "customers/contact.html",
        blocks={"contacts": "form"},
        status=status,
        organization=organization,
        contact=contact,
        form=form,
        bases=bases(contact, form, request.form) if contact else {},
    )
