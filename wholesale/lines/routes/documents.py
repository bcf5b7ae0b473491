"""What the pages of documents have in common besides the grid: beginning, contact, history."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from flask_login import current_user
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.audit.pages import history_page
from wholesale.audit.queries import history
from wholesale.core.errors import Invalid, NotVisible
from wholesale.customers.models import Organization
from wholesale.customers.queries import contacts_of, organization, pick_organizations
from wholesale.extensions import db
from wholesale.lines.forms import BeginForm
from wholesale.lines.models import Lined
from wholesale.lines.queries import line_keys
from wholesale.lines.routes.grid import document_url
from wholesale.web.forms import choices
from wholesale.web.pages import Answer, done, page, typed

Begin = Callable[[Session, Organization, UUID, User], Lined]


def new_document(noun: str, begin: Begin, drafts: Sequence[Lined] = ()) -> Answer:
    """Choose the customer, which begins the document; offer ``drafts`` to go on with."""
    form = BeginForm()
    if form.validate_on_submit():
        try:
            chosen = organization(db.session, current_user, form.organization_id.key)
            document = begin(db.session, chosen, form.entry_key, current_user)
            db.session.commit()
            return done(document_url(document))
        except (Invalid, NotVisible) as refusal:
            form.organization_id.errors = [refusal.message]
    q = typed()
    return page(
        "lines/new.html",
        blocks={"organization-options": "options"},
        status=422 if form.errors else 200,
        form=form,
        noun=noun,
        q=q,
        found=pick_organizations(db.session, current_user, q),
        drafts=drafts,
    )


def offer_contacts(form: Any, document: Lined) -> None:
    """Give the form's ``contact_id`` the customer's contacts to choose from."""
    people = contacts_of(db.session, current_user, document.organization_id)
    if document.contact is not None and document.contact not in people:
        people.append(document.contact)  # archived meanwhile: stays until another is chosen
    form.contact_id.choices = choices(people, lambda person: person.name, "No contact")


def document_history(document: Lined, name: str) -> Answer:
    """Show who changed what in a document and its rows."""
    rows = (document.line_class().__tablename__, line_keys(db.session, document))
    entries = history(db.session, (document.__tablename__, [document.id]), rows)
    return history_page(entries, name, document_url(document))
