"""A mail to a contact about a record: drafted, edited by the person, sent elsewhere."""

from typing import Any

from flask import request
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from wholesale.access.gate import require
from wholesale.assistant import blueprint
from wholesale.assistant.drafts import mailto, without_links
from wholesale.assistant.forms import DraftForm, PurposeForm
from wholesale.assistant.models import Purpose
from wholesale.assistant.prompts import MAIL, material
from wholesale.assistant.routes.asking import Question, ask, refuse_off
from wholesale.assistant.routes.subjects import Subject, as_material, of_order, of_organization
from wholesale.assistant.schemas import MailDraft
from wholesale.core.errors import DomainError
from wholesale.customers.models import Contact
from wholesale.extensions import db
from wholesale.web.pages import Answer, page

EITHER = ("GET", "POST")


@blueprint.route("/organizations/<key:key>/assistant/mail", methods=EITHER)
@require("contacts:read")
def organization_mail(key: int) -> Answer:
    """Draft a mail to somebody at a customer."""
    return _mail(of_organization(key))


@blueprint.route("/orders/<ref>/assistant/mail", methods=EITHER)
@require("orders:read")
def order_mail(ref: str) -> Answer:
    """Draft a mail about an order."""
    return _mail(of_order(ref))


def _mail(subject: Subject) -> Answer:
    refuse_off()
    people = {person.id: person for person in subject.people}
    editing = "body" in request.form
    form: Any = DraftForm() if editing else PurposeForm()
    form.contact_id.choices = [SelectChoice(str(p.id), _named(p)) for p in people.values()]
    status = 200
    if form.validate_on_submit() and request.form.get("then") != "edit":
        try:
            form = _drafted(subject, form, people[form.contact_id.data])
            editing = True
        except DomainError as problem:
            db.session.rollback()
            status = problem.status
            form.purpose.errors = [problem.message]
    status = 422 if form.errors and status == 200 else status
    link = ""
    if editing and not form.errors:
        email = people[form.contact_id.data].email
        link = mailto(email, form.subject.data or "", form.body.data or "") if email else ""
    shown = {"subject": subject, "form": form, "editing": editing, "link": link}
    return page("assistant/mail.html", status=status, **shown)


def _drafted(subject: Subject, form: PurposeForm, contact: Contact) -> DraftForm:
    """Return the form of the mail that the model wrote. Raises what asking raises."""
    facts, purpose = as_material(subject.facts()), form.purpose.data or ""
    text = f"{facts}\n\n{material('recipient', contact.name)}\n\n"
    text += f"{material('sender', current_user.name)}\n\n{material('purpose', purpose)}"
    said = ask(Question(Purpose.MAIL, subject.record, MAIL, text, MailDraft))
    # Not the facts: a link in a customer's mail is not ours.
    given = f"{purpose}\n{contact.email or ''}\n{current_user.email}"
    draft = DraftForm(
        formdata=None,
        contact_id=contact.id,
        purpose=purpose,
        subject=without_links(said.subject, given).replace("\n", " "),
        body=without_links(said.body, given),
    )
    draft.contact_id.choices = form.contact_id.choices
    return draft


def _named(person: Contact) -> str:
    return f"{person.name} ({person.email or 'no e-mail address'})"
