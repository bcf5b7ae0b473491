"""Adding a product, and copying one; the part of a form that depends on the size run."""

from decimal import Decimal
from typing import Any

from flask import flash, request, url_for

from wholesale.access.gate import require
from wholesale.catalog import blueprint, operations, queries, run_queries
from wholesale.catalog.fields import sized, sized_fields, surcharge_field
from wholesale.catalog.forms import CopyForm, DetailsForm, NewProductForm, SizesForm
from wholesale.catalog.models import SizeRun
from wholesale.catalog.operations import strange_sizes
from wholesale.catalog.routes.answers import product_trail
from wholesale.core.errors import Invalid
from wholesale.core.money import parse_amount
from wholesale.core.text import clean_line
from wholesale.extensions import db
from wholesale.web.forms import choices, tell
from wholesale.web.pages import Answer, done, fragments, page, partial

PREFIX = "surcharge"


@blueprint.route("/products/new", methods=["GET", "POST"])
@require("catalog:write")
def new_product() -> Answer:
    """Add a product."""
    runs = run_queries.size_runs(db.session)
    run = chosen_run(runs)
    form = sized(NewProductForm, PREFIX, run.sizes if run else (), surcharge_field)()
    offer_categories(form)
    offer_runs(form, runs)
    is_asking = request.form.get("then") == "sizes"  # for the fields of another size run
    if not is_asking and form.validate_on_submit():
        try:
            made = operations.create_product(db.session, form.entry_key, _values(form))
            db.session.commit()
            flash(f"{made.name} is added. Give it colours below.")
            return done(url_for("catalog.product", sku=made.sku))
        except Invalid as refusal:
            tell(form, refusal)
    return page(
        "catalog/new.html",
        status=422 if form.errors else 200,
        form=form,
        lost=strange_sizes(run, typed_surcharges()) if run else {},
    )


def _values(form: Any) -> dict[str, Any]:
    """Return what a new product's form holds, its surcharges under one name."""
    typed = {size: field.data for size, field in sized_fields(form, PREFIX).items()}
    apart = {"csrf_token", "key", *(f"{PREFIX}.{size}" for size in typed)}
    values = {name: value for name, value in form.data.items() if name not in apart}
    return values | {"surcharges": typed_surcharges() | typed}


def chosen_run(runs: list[SizeRun], present: int | None = None) -> SizeRun | None:
    """Return the run that the form or the address names, else the ``present`` one."""
    wanted = request.values.get("size_run_id")
    key = str(present or "") if wanted is None else wanted
    return next((run for run in runs if str(run.id) == key), None)


def typed_surcharges() -> dict[str, Decimal]:
    """Return the surcharges that were sent, whatever run their sizes belong to."""
    found = {}
    for name, text in request.values.items():
        prefix, _, size = name.partition(".")
        if prefix == PREFIX and clean_line(text):
            try:
                found[size] = parse_amount(text)
            except ValueError:
                continue  # a field of this run says so itself
    return {size: amount for size, amount in found.items() if amount}


def offer_categories(form: DetailsForm) -> None:
    """Offer the tree of categories."""
    shelves = queries.categories(db.session)
    form.category_id.choices = choices(shelves, lambda shelf: shelf.label, "Choose a category")


def offer_runs(form: SizesForm, runs: list[SizeRun]) -> None:
    """Offer the size runs."""
    form.size_run_id.choices = choices(runs, lambda run: run.name, "Choose a size run")


@blueprint.get("/size-runs/surcharges")
@require("catalog:write")
def surcharges() -> Answer:
    """Give a form the surcharge fields of the size run that was just chosen."""
    run = chosen_run(run_queries.size_runs(db.session))
    form = sized(SizesForm, PREFIX, run.sizes if run else (), surcharge_field)(request.args)
    lost = strange_sizes(run, typed_surcharges()) if run else {}
    return fragments(partial("catalog/_surcharges.html", form=form, lost=lost))


@blueprint.route("/products/<code:sku>/copy", methods=["GET", "POST"])
@require("catalog:write")
def copy_product(sku: str) -> Answer:
    """Copy a product and its variants under another SKU."""
    found = queries.product(db.session, sku)
    form = CopyForm(name=found.name)
    if form.validate_on_submit():
        try:
            made = operations.copy_product(
                db.session, found, form.entry_key, form.sku.data, form.name.data
            )
            db.session.commit()
            flash(f"{made.sku} is a copy of {found.sku}.")
            return done(url_for("catalog.product", sku=made.sku))
        except Invalid as refusal:
            tell(form, refusal)
    status = 422 if form.errors else 200
    trail = product_trail(found)
    return page("catalog/copy.html", product=found, form=form, trail=trail, status=status)
