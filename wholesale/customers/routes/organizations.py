"""The customers' list and pages."""

from typing import Any

from flask import request, url_for
from flask_login import current_user
from sqlalchemy import Select, func

from wholesale.access.gate import require
from wholesale.accounts.models import User
from wholesale.audit.pages import history_page
from wholesale.audit.queries import history
from wholesale.customers import blueprint, operations, queries
from wholesale.customers.forms import NewActivityForm, OrganizationFilter
from wholesale.customers.merge import may_undo
from wholesale.customers.models import Organization
from wholesale.extensions import db
from wholesale.mail.queries import bounced
from wholesale.web.lists import list_answer, list_file
from wholesale.web.pages import Answer, page

# A file with these headers can be read in again.
COLUMNS = {
    "Number": Organization.reference,
    "Name": Organization.name,
    "Client type": Organization.client_type,
    "Tier": Organization.tier,
    "Territory": Organization.territory,
    "Salesperson": func.coalesce(User.reference, User.email),
    "Street": Organization.street,
    "City": Organization.city,
    "Region": Organization.region,
    "Postal code": Organization.postal_code,
    "Country": Organization.country,
    "Phone": Organization.phone,
    "Discount %": Organization.discount_percent,
    "Credit limit": Organization.credit_limit,
    "Payment terms": Organization.payment_terms,
    "Tax exempt": Organization.tax_exempt,
    "Archived": Organization.archived_at.is_not(None),
}


@blueprint.get("/organizations")
@require("organizations:read")
def organizations() -> Answer:
    """List customers; the query string says which."""
    form = OrganizationFilter(request.args)
    return list_answer("customers/organizations.html", form, _wanted, queries.LISTING)


@blueprint.get("/organizations.<any(csv, xlsx):kind>")
@require("organizations:read")
def organizations_file(kind: str) -> Answer:
    """Download what the list shows."""

    def joined(form: OrganizationFilter) -> Select[Any]:
        return _wanted(form).outerjoin(Organization.salesperson)

    form = OrganizationFilter(request.args)
    return list_file(kind, "organizations", COLUMNS, form, joined, queries.LISTING)


@blueprint.get("/organizations/<key:key>")
@require("organizations:read")
def organization(key: int) -> Answer:
    """Show one customer."""
    found = queries.organization(db.session, current_user, key)
    contacts, archived = queries.people_of(db.session, current_user, found.id)
    return page(
        "customers/organization.html",
        blocks={"details": "details", "address": "address", "contacts": "people"},
        organization=found,
        contacts=contacts,
        bounced=bounced(db.session, [contact.email for contact in contacts]),
        archived=archived,
        shows_archived=False,
        may_write=operations.may_write(current_user, found) and found.merged_into_id is None,
        may_undo=may_undo(current_user, found),
        taken_over=queries.taken_over(db.session, current_user, found),
        form=NewActivityForm().with_ids("activity"),
    )


@blueprint.get("/organizations/<key:key>/history")
@require("organizations:read")
def organization_history(key: int) -> Answer:
    """Show who changed what of one customer."""
    found = queries.organization(db.session, current_user, key)
    people = [contact.id for contact in queries.contacts_of(db.session, current_user, found.id)]
    entries = history(db.session, ("organizations", [found.id]), ("contacts", people))
    return history_page(entries, found.name, url_for("customers.organization", key=key))


def _wanted(form: OrganizationFilter) -> Select[Any]:
    q, kind, archived = form.q.data or "", form.client_type.data or "", bool(form.archived.data)
    query = queries.listed_organizations(current_user, q, kind, archived=archived)
    if not q or form.errors or queries.is_found(db.session, query):
        return query
    keys = queries.similar_keys(db.session, current_user, q)
    form.is_similar = bool(keys)
    return queries.listed_organizations(current_user, q, kind, archived=archived, similar=keys)
