"""The page of one price list: its prices, its details, archiving and deleting it."""

from datetime import date
from functools import partial as partial_call
from typing import Any

from flask import flash, request, url_for
from flask_login import current_user
from sqlalchemy import Select

from wholesale.access.gate import require
from wholesale.audit.pages import history_page
from wholesale.audit.queries import history
from wholesale.catalog import blueprint, price_lists
from wholesale.catalog.models import PriceEntry, PriceList, Product, Variant
from wholesale.catalog.price_forms import (
    EntryFilter,
    NewPriceEntryForm,
    PriceListForm,
)
from wholesale.core.clock import now, today
from wholesale.extensions import db
from wholesale.web.lists import list_file, list_page
from wholesale.web.merging import answer_status, bases, saved
from wholesale.web.pages import (
    Answer,
    done,
    fragments,
    here,
    page,
    partial,
    target_id,
    wants_fragment,
)

ENTRY_COLUMNS = {
    "Price list": PriceList.name,
    "Product": Product.sku,
    "Variant": Variant.code,
    "From units": PriceEntry.min_quantity,
    "Price": PriceEntry.price,
}


def _today() -> date:
    return today(current_user.time_zone)


@blueprint.get("/price-lists/<key:key>")
@require("prices:read")
def price_list(key: int) -> Answer:
    """Show one price list with its prices."""
    return price_list_page(price_lists.price_list(db.session, key))


def price_list_page(
    found: PriceList, *, new: NewPriceEntryForm | None = None, status: int = 200
) -> Answer:
    """Answer with a price list's page; ``new`` is the form of a price that was refused."""
    form = EntryFilter(request.args)
    q = form.q.data or "" if form.validate() else ""
    return page(
        "catalog/price_list.html",
        blocks={"results": "results", "details": "details"},
        url=here() if target_id() == "results" and request.method == "GET" else None,
        status=status,
        price_list=found,
        form=form,
        found=list_page(price_lists.ENTRIES, price_lists.listed_entries(found.id, q)),
        new=new or NewPriceEntryForm(formdata=None, min_quantity=1),
        may_write=current_user.may("prices:write"),
        day=_today(),
    )


@blueprint.get("/price-lists/<key:key>/prices.<any(csv, xlsx):kind>")
@require("prices:read")
def price_entries_file(key: int, kind: str) -> Answer:
    """Download the prices of one list."""
    found = price_lists.price_list(db.session, key)

    def named(form: EntryFilter) -> Select[Any]:
        return price_lists.listed_entries(found.id, form.q.data or "").join(PriceEntry.price_list)

    form = EntryFilter(request.args)
    return list_file(kind, "prices", ENTRY_COLUMNS, form, named, price_lists.ENTRIES)


@blueprint.route("/price-lists/<key:key>/details", methods=["GET", "POST"])
@require("prices:write")
def price_list_details(key: int) -> Answer:
    """Edit name, percentage and days in place."""
    found = price_lists.price_list(db.session, key, lock=request.method == "POST")
    form = PriceListForm(obj=found).with_ids("details")
    change = partial_call(price_lists.change_price_list, db.session, found)
    if form.validate_on_submit() and saved(found, form, request.form, change):
        db.session.commit()
        flash("Saved.")
        if not wants_fragment():
            return done(url_for("catalog.price_list", key=key))
        shown = {"price_list": found, "may_write": True, "day": _today()}
        return fragments(
            partial("catalog/_price_list_details.html", **shown),
            partial("catalog/_price_list_title.html", oob=True, **shown),
        )
    return page(
        "catalog/price_list_details.html",
        blocks={"details": "form"},
        status=answer_status(form),
        price_list=found,
        form=form,
        bases=bases(found, form, request.form),
    )


@blueprint.post("/price-lists/<key:key>/<any(archive, restore):verb>")
@require("prices:write")
def price_list_archive(key: int, verb: str) -> Answer:
    """Put a price list away, or bring it back."""
    found = price_lists.price_list(db.session, key, lock=True)
    found.archived_at = (found.archived_at or now()) if verb == "archive" else None
    db.session.commit()
    flash(f"{found.name} is {'archived: nobody buys at it' if found.archived_at else 'back'}.")
    return done(url_for("catalog.price_list", key=key))


@blueprint.route("/price-lists/<key:key>/deletion", methods=["GET", "POST"])
@require("prices:write")
def price_list_deletion(key: int) -> Answer:
    """Ask, then delete a price list with its prices; orders keep theirs."""
    found = price_lists.price_list(db.session, key, lock=request.method == "POST")
    if request.method == "GET":
        return page("catalog/price_list_deletion.html", price_list=found)
    price_lists.remove(db.session, found)
    db.session.commit()
    flash(f"{found.name} is deleted.")
    return done(url_for("catalog.price_list_index"))


@blueprint.get("/price-lists/<key:key>/history")
@require("prices:read")
def price_list_history(key: int) -> Answer:
    """Show who changed what of one price list."""
    found = price_lists.price_list(db.session, key)
    entries = history(db.session, *price_lists.trail_of(found))
    return history_page(entries, found.name, url_for("catalog.price_list", key=key))
