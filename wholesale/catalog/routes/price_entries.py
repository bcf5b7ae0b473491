"""Adding, editing in place and removing one price of a price list."""

from functools import partial as partial_call

from flask import flash, request, url_for

from wholesale.access.gate import require
from wholesale.catalog import blueprint, price_lists
from wholesale.catalog.models import PriceEntry, PriceList
from wholesale.catalog.price_forms import NewPriceEntryForm, PriceEntryForm
from wholesale.catalog.queries import pick_products
from wholesale.catalog.routes.price_list import price_list_page
from wholesale.core.errors import Invalid
from wholesale.extensions import db
from wholesale.web.forms import tell
from wholesale.web.merging import answer_status, bases, saved
from wholesale.web.pages import Answer, done, fragments, page, partial, typed, wants_fragment


@blueprint.post("/price-lists/<key:key>/prices")
@require("prices:write")
def add_price_entry(key: int) -> Answer:
    """Add a price."""
    found = price_lists.price_list(db.session, key, lock=True)
    form = NewPriceEntryForm()
    if form.validate_on_submit():
        values = {"min_quantity": form.min_quantity.data, "price": form.price.data}
        try:
            price_lists.add_entry(db.session, found, form.code.data or "", values)
            db.session.commit()
            flash(f"The price of {form.code.data} is added.")
            return done(url_for("catalog.price_list", key=key))
        except Invalid as refusal:
            tell(form, refusal)
    return price_list_page(found, new=form, status=422)


@blueprint.get("/price-lists/<key:key>/codes")
@require("prices:read")
def price_entry_codes(key: int) -> Answer:
    """Offer SKUs for what is being typed."""
    found = pick_products(db.session, typed("code"))
    return fragments(partial("catalog/_codes.html", found=found))


@blueprint.route("/price-lists/<key:key>/prices/<key:entry>", methods=["GET", "POST"])
@require("prices:write")
def edit_price_entry(key: int, entry: int) -> Answer:
    """Edit one price in its row; a page of its own without JavaScript."""
    found = price_lists.price_list(db.session, key, lock=request.method == "POST")
    row = price_lists.entry(db.session, found, entry)
    form = PriceEntryForm(obj=row).with_ids(f"entry-{entry}")
    change = partial_call(price_lists.change_entry, db.session, row)
    if form.validate_on_submit() and saved(row, form, request.form, change):
        db.session.commit()
        return _row(found, row)
    if request.args.get("cancel"):
        return _row(found, row)
    return page(
        "catalog/price_entry.html",
        blocks={f"entry-{entry}": "form"},
        status=answer_status(form),
        price_list=found,
        entry=row,
        form=form,
        bases=bases(row, form, request.form),
    )


@blueprint.post("/price-lists/<key:key>/prices/<key:entry>/removal")
@require("prices:write")
def remove_price_entry(key: int, entry: int) -> Answer:
    """Take one price out of a list."""
    found = price_lists.price_list(db.session, key, lock=True)
    row = price_lists.entry(db.session, found, entry)
    db.session.delete(row)
    db.session.commit()
    flash(f"The price of {row.product.sku} from a quantity of {row.min_quantity:,} is removed.")
    return done(url_for("catalog.price_list", key=key))


def _row(found: PriceList, row: PriceEntry) -> Answer:
    if not wants_fragment():
        return done(url_for("catalog.price_list", key=found.id))
    shown = {"price_list": found, "entry": row, "may_write": True}
    return fragments(partial("catalog/_price_entry.html", **shown))
