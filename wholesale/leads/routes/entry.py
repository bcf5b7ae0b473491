"""New leads: for a customer there is, or for somebody described in words."""

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.accounts.queries import salespeople
from wholesale.core.errors import Invalid, NotVisible
from wholesale.customers.models import Organization
from wholesale.customers.queries import (
    contacts_of,
    organization,
    pick_organizations,
    similar_organizations,
)
from wholesale.extensions import db
from wholesale.leads import blueprint, operations, ownership
from wholesale.leads.forms import NewLeadForm
from wholesale.leads.models import Lead
from wholesale.web.forms import LARGEST_KEY, choices
from wholesale.web.pages import Answer, done, fragments, page, partial, typed

NO_FIELD = {"csrf_token", "key", "organization_id"}


@blueprint.route("/leads/new", methods=["GET", "POST"])
@require("leads:write")
def new_lead() -> Answer:
    """Add a lead; ``use`` only takes a customer into the form."""
    form = NewLeadForm()
    choosing = "use" in request.values
    customer = _customer(form)
    _offer_contacts(form, customer)
    _offer_owners(form)
    if not choosing and form.validate_on_submit():
        made = _made(form, customer)
        if made is not None:
            return done(url_for("leads.lead", code=made.code))
    q = typed() if request.method == "GET" else ""
    return page(
        "leads/new.html",
        blocks={"organization-options": "options"},
        status=422 if form.errors else 200,
        form=form,
        customer=customer,
        picks_owner=ownership.assigns(current_user),
        q=q,
        found=pick_organizations(db.session, current_user, q),
    )


def _customer(form: NewLeadForm) -> Organization | None:
    """Return the customer that was chosen now (``use``) or before, if the person may see it."""
    if "use" in request.values:
        form.organization_id.data = request.values.get("use", type=int)
        form.organization_id.raw_data = None  # else the field shows what was sent along
    key = form.organization_id.data
    if not key or not 0 < key <= LARGEST_KEY:
        form.organization_id.data = None
        return None
    try:
        return organization(db.session, current_user, key)
    except NotVisible:
        return None


def _offer_contacts(form: NewLeadForm, customer: Organization | None) -> None:
    """Let one of the customer's people be chosen; without a customer there is nobody to choose."""
    if customer is None:
        del form.contact_id
        return
    people = contacts_of(db.session, current_user, customer.id)
    form.contact_id.choices = choices(people, lambda person: person.name, "No contact")


def _offer_owners(form: NewLeadForm) -> None:
    """Let an administrator say whose it is; anybody else's new lead is their own."""
    if not ownership.assigns(current_user):
        del form.owner_id
        return
    sellers = salespeople(db.session)
    form.owner_id.choices = choices(sellers, lambda person: person.name, "Nobody yet")


def _made(form: NewLeadForm, customer: Organization | None) -> Lead | None:
    """Make the lead; None when a rule refuses, and the form says why."""
    if form.organization_id.data and customer is None:
        form.organization_id.errors = ["There is no such customer."]
        return None
    values = {name: value for name, value in form.data.items() if name not in NO_FIELD}
    if customer is not None:
        values["company"] = ""
    try:
        made = operations.create_lead(db.session, values, customer, form.entry_key, current_user)
    except Invalid as refusal:
        for name, message in (refusal.fields or {"organization_id": refusal.message}).items():
            form[name].errors = [message]
        return None
    db.session.commit()
    flash(f"{made.code} is added.")
    return made


@blueprint.get("/leads/similar")
@require("leads:write")
def similar() -> Answer:
    """List customers whose name is much like the company being typed."""
    found = similar_organizations(db.session, current_user, typed("company"))
    return fragments(partial("leads/_similar.html", similar=found))
