"""Editing a product in place, archiving and deleting it."""

from types import SimpleNamespace
from typing import Any

from flask import flash, request, url_for

from wholesale.access.gate import require
from wholesale.catalog import blueprint, operations, queries, run_queries
from wholesale.catalog.fields import sized, sized_fields, surcharge_field
from wholesale.catalog.forms import DetailsForm, SizesForm, TermsForm
from wholesale.catalog.models import Product
from wholesale.catalog.operations import strange_sizes
from wholesale.catalog.routes.answers import deletion_page, moved, product_trail, users_of
from wholesale.catalog.routes.making import (
    PREFIX,
    chosen_run,
    offer_categories,
    offer_runs,
    typed_surcharges,
)
from wholesale.core.money import parse_amount
from wholesale.extensions import db
from wholesale.web.merging import answer_status, bases, saved
from wholesale.web.pages import Answer, done, fragments, page, partial, wants_fragment

TITLES = {"details": "Details", "terms": "Terms", "sizes": "Sizes"}


@blueprint.route(
    "/products/<code:sku>/<any(details, terms, sizes):section>", methods=["GET", "POST"]
)
@require("catalog:write")
def product_section(sku: str, section: str) -> Answer:
    """Edit one section of a product's page in place."""
    found = queries.product(db.session, sku, lock=request.method == "POST")
    record, form = _opened(found, section)
    is_asking = request.form.get("then") == "sizes"
    if not is_asking and form.validate_on_submit() and _saved(found, record, form):
        flash("Saved.")
        return _shown(found, sku, section)
    return page(
        "catalog/section.html",
        blocks={section: "form"},
        status=answer_status(form),
        product=found,
        section=section,
        title=TITLES[section],
        form=form,
        lost=_lost(found, form) if section == "sizes" else {},
        bases=bases(record, form, request.form),
    )


def _opened(found: Product, section: str) -> tuple[Any, Any]:
    """Return what a section's form is about, and the form."""
    if section == "terms":
        return found, TermsForm(obj=found).with_ids(section)
    if section == "details":
        form = DetailsForm(obj=found).with_ids(section)
        offer_categories(form)
        return found, form
    runs = run_queries.size_runs(db.session)
    run = chosen_run(runs, found.size_run_id) or found.size_run
    record = SimpleNamespace(size_run_id=found.size_run_id)
    for size in run.sizes:
        amount = found.surcharges.get(size)
        setattr(record, f"{PREFIX}.{size}", parse_amount(amount) if amount else None)
    sizes_form = sized(SizesForm, PREFIX, run.sizes, surcharge_field)(obj=record)
    offer_runs(sizes_form, runs)
    return record, sizes_form


def _lost(found: Product, form: Any) -> dict[str, Any]:
    """Return the surcharges, kept or typed, of sizes that the chosen run does not have."""
    run = chosen_run(run_queries.size_runs(db.session), found.size_run_id) or found.size_run
    present = {size: parse_amount(amount) for size, amount in found.surcharges.items()}
    return strange_sizes(run, present | typed_surcharges())


def _saved(found: Product, record: Any, form: Any) -> bool:
    """Write what was changed; False when two people changed one field, or a rule refuses."""

    def write(values: dict[str, Any]) -> None:
        if isinstance(form, SizesForm):
            _change_sizes(found, form, values)
        else:
            operations.change_product(db.session, found, values)

    if not saved(record, form, request.form, write):
        return False
    db.session.commit()
    db.session.refresh(found)
    return True


def _change_sizes(found: Product, form: Any, values: dict[str, Any]) -> None:
    run_id = values.pop("size_run_id", found.size_run_id)
    changed = {name.partition(".")[2]: amount for name, amount in values.items()}
    apart = {s: a for s, a in typed_surcharges().items() if s not in sized_fields(form, PREFIX)}
    operations.change_sizes(db.session, found, run_id, apart | changed, drop=form.drop.data)


def _shown(found: Product, sku: str, section: str) -> Answer:
    """Answer with the section as it is now, and with what else of the page shows it."""
    if not wants_fragment() or found.sku != sku:
        return done(url_for("catalog.product", sku=found.sku))
    shown = {"product": found, "may_write": True}
    return fragments(
        partial(f"catalog/_{section}.html", **shown),
        partial("catalog/_title.html", oob=True, **shown),
        partial("catalog/_base_price.html", oob=True, **shown),
        moved(found),
    )


@blueprint.post("/products/<code:sku>/<any(archive, restore):verb>")
@require("catalog:write")
def product_archive(sku: str, verb: str) -> Answer:
    """Put a product away, or bring it back."""
    found = queries.product(db.session, sku, lock=True)
    (operations.archive if verb == "archive" else operations.restore)(found)
    db.session.commit()
    flash(f"{found.name} is {'archived' if verb == 'archive' else 'back in the lists'}.")
    return done(url_for("catalog.product", sku=found.sku))


@blueprint.route("/products/<code:sku>/deletion", methods=["GET", "POST"])
@require("catalog:write")
def product_deletion(sku: str) -> Answer:
    """Say what stands against deleting a product and offer to archive it; or delete it."""
    found = queries.product(db.session, sku, lock=request.method == "POST")
    against = operations.standing_against(db.session, found)
    if request.method == "POST" and not against:
        operations.delete_product(db.session, found)
        db.session.commit()
        flash(f"{found.name} is deleted.")
        return done(url_for("catalog.products"))
    away = url_for("catalog.product_archive", sku=found.sku, verb="archive")
    return deletion_page(
        found.name,
        against,
        url=url_for("catalog.product_deletion", sku=found.sku),
        back=url_for("catalog.product", sku=found.sku),
        trail=product_trail(found),
        links=users_of(found),
        also="Its colours and pictures go along with it.",
        archive=None if found.is_archived else away,
        status=409 if request.method == "POST" else 200,
    )
