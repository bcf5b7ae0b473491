"""The list of quotes, and its download."""

from typing import Any

from flask import request
from flask_login import current_user
from sqlalchemy import Select

from wholesale.access.gate import require
from wholesale.accounts.models import User
from wholesale.accounts.queries import salespeople
from wholesale.customers.models import Organization
from wholesale.customers.queries import organization
from wholesale.extensions import db
from wholesale.quotes import blueprint, queries
from wholesale.quotes.forms import QuoteFilter
from wholesale.quotes.models import Quote
from wholesale.web.filters import reader_zone
from wholesale.web.forms import choices
from wholesale.web.lists import list_answer, list_file, list_page
from wholesale.web.pages import Answer, fragments, partial, target_id

PANEL = "organization-quotes"  # on an organization's page
COLUMNS = {
    "Quote": Quote.code,
    "Revision": Quote.revision,
    "Name": Quote.name,
    "Customer number": Organization.reference,
    "Customer": Organization.name,
    "Salesperson": User.name,
    "Status": Quote.status,
    "Begun": Quote.begun_at,
    "Sent": Quote.sent_at,
    "Valid until": Quote.valid_until,
    "Units": Quote.units,
    "Subtotal": Quote.subtotal,
    "Discount": Quote.discount,
    "Tax": Quote.tax,
    "Freight": Quote.freight,
    "Total": Quote.total,
}


def _filter() -> QuoteFilter:
    form = QuoteFilter(request.args)
    form.salesperson.choices = choices(
        salespeople(db.session), lambda person: person.name, "Any salesperson"
    )
    return form


def _wanted(form: QuoteFilter) -> Select[Any]:
    return queries.listed_quotes(current_user, form.data, reader_zone().key)


def _named(form: QuoteFilter) -> Select[Any]:
    return queries.with_names(_wanted(form))


@blueprint.get("/quotes")
@require("quotes:read")
def quotes() -> Answer:
    """List quotes; the query string says which."""
    form = _filter()
    if target_id() == PANEL and form.validate():
        found = list_page(queries.LISTING, _named(form))
        return fragments(partial("quotes/_panel.html", found=found))
    customer = form.organization.data
    shown = organization(db.session, current_user, customer) if customer else None
    return list_answer("quotes/quotes.html", form, _named, queries.LISTING, customer=shown)


@blueprint.get("/quotes.<any(csv, xlsx):kind>")
@require("quotes:read")
def quotes_file(kind: str) -> Answer:
    """Download exactly what the list shows, in its order."""

    def joined(form: QuoteFilter) -> Select[Any]:
        return _wanted(form).join(Quote.organization).outerjoin(Quote.salesperson)

    return list_file(kind, "quotes", COLUMNS, _filter(), joined, queries.LISTING)
