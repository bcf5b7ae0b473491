"""The list of price lists, making one, its page, its details, archiving and deleting it."""

from datetime import date
from typing import Any

from flask import flash, request, url_for
from flask_login import current_user
from sqlalchemy import Select

from wholesale.access.gate import require
from wholesale.catalog import blueprint, price_lists
from wholesale.catalog.models import PriceList
from wholesale.catalog.price_forms import (
    NewPriceListForm,
    PriceListFilter,
)
from wholesale.core.clock import today
from wholesale.core.errors import Invalid
from wholesale.customers.models import Organization
from wholesale.customers.queries import organization, pick_organizations
from wholesale.extensions import db
from wholesale.web.forms import LARGEST_KEY, tell
from wholesale.web.lists import list_answer, list_file
from wholesale.web.pages import (
    Answer,
    done,
    page,
    typed,
)

COLUMNS = {
    "Price list": PriceList.name,
    "Price tier": PriceList.tier,
    "Customer": Organization.name,
    "Percent off": PriceList.percent_off,
    "Valid from": PriceList.valid_from,
    "Valid to": PriceList.valid_to,
}


def _today() -> date:
    return today(current_user.time_zone)


def _wanted(form: PriceListFilter) -> Select[Any]:
    archived = bool(form.archived.data)
    return price_lists.listed_price_lists(
        form.q.data or "", form.organization.data, archived=archived
    )


@blueprint.get("/price-lists")
@require("prices:read")
def price_list_index() -> Answer:
    """List price lists; the query string says which."""
    form = PriceListFilter(request.args)
    shown = {"day": _today()}
    return list_answer("catalog/price_lists.html", form, _wanted, price_lists.LISTING, **shown)


@blueprint.get("/price-lists.<any(csv, xlsx):kind>")
@require("prices:read")
def price_lists_file(kind: str) -> Answer:
    """Download what the list shows."""

    def named(form: PriceListFilter) -> Select[Any]:
        return _wanted(form).outerjoin(PriceList.organization)

    form = PriceListFilter(request.args)
    return list_file(kind, "price-lists", COLUMNS, form, named, price_lists.LISTING)


@blueprint.route("/price-lists/new", methods=["GET", "POST"])
@require("prices:write")
def new_price_list() -> Answer:
    """Make a price list of a tier, or of the customer that the query string names."""
    key = request.values.get("organization_id", type=int)
    key = max(1, min(key, LARGEST_KEY)) if key else None
    customer = organization(db.session, current_user, key) if key else None
    form = NewPriceListForm(organization_id=key)
    if form.validate_on_submit():
        values = {n: f.data for n, f in form._fields.items() if hasattr(PriceList, n)}
        values |= {"tier": None} if customer else {"organization_id": None}
        try:
            made = price_lists.create_price_list(db.session, values)
            db.session.commit()
            flash(f"{made.name} is added. Now give it prices.")
            return done(url_for("catalog.price_list", key=made.id))
        except Invalid as refusal:
            tell(form, refusal)
    q = typed()
    return page(
        "catalog/new_price_list.html",
        blocks={"organization-options": "options"},
        status=422 if form.errors else 200,
        form=form,
        customer=customer,
        q=q,
        found=pick_organizations(db.session, current_user, q),
    )
