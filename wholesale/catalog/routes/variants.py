"""The grid of a product's variants, and deleting one."""

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.catalog import blueprint, operations, queries
from wholesale.catalog.edit import Refused, Saved, save_grid
from wholesale.catalog.grid import columns_for, read_grid
from wholesale.catalog.models import Product, Variant
from wholesale.catalog.routes.answers import deletion_page, product_trail, users_of
from wholesale.catalog.routes.products import product_page
from wholesale.core.errors import NotVisible
from wholesale.extensions import db
from wholesale.web.pages import Answer, done, wants_fragment


@blueprint.post("/products/<code:sku>/variants")
@require("catalog:write")
def variants(sku: str) -> Answer:
    """Save the grid: changed cells, new rows, a row moved or archived; all or nothing."""
    found = queries.product(db.session, sku, lock=True)
    sent = read_grid(request.form, request.form.getlist("row"), columns_for(current_user))
    try:
        saved = save_grid(db.session, found, sent)
    except Refused as refusal:
        if not wants_fragment():
            flash(refusal.message, "bad")
        return product_page(found, entry=refusal.entry, status=refusal.status)
    db.session.commit()
    flash(_words(saved, sent.verb))
    if not wants_fragment():
        return done(url_for("catalog.product", sku=found.sku))
    db.session.expire(found, ["variants"])
    return product_page(found)


def _words(saved: Saved, verb: str) -> str:
    """Say what became of the grid."""
    parts = []
    if saved.cells:
        parts.append(f"{saved.cells} {'cell' if saved.cells == 1 else 'cells'} saved.")
    if saved.added:
        count = len(saved.added)
        parts.append(f"{count} {'colour' if count == 1 else 'colours'} added.")
    if saved.present:
        parts.append(f"There already: {', '.join(saved.present)}.")
    if verb:
        done_to = {"archive": "Archived.", "restore": "Back in the pickers."}
        parts.append(done_to.get(verb, "Moved."))
    return " ".join(parts) or "Nothing was changed."


@blueprint.route("/products/<code:sku>/variants/<key:key>/deletion", methods=["GET", "POST"])
@require("catalog:write")
def variant_deletion(sku: str, key: int) -> Answer:
    """Say what stands against deleting a variant; or delete it."""
    found = queries.product(db.session, sku, lock=request.method == "POST")
    variant = _of(found, key)
    against = operations.standing_against_variant(db.session, variant)
    if request.method == "POST" and not against:
        operations.delete_variant(db.session, found, variant)
        db.session.commit()
        flash(f"{variant.code} is deleted.")
        return done(url_for("catalog.product", sku=found.sku))
    return deletion_page(
        f"{variant.code} ({variant.label})",
        against,
        url=url_for("catalog.variant_deletion", sku=found.sku, key=key),
        back=url_for("catalog.product", sku=found.sku),
        trail=product_trail(found),
        links=users_of(found),
        also="Its pictures stay with the product.",
        archive=None if variant.is_archived else _archive_url(found, variant),
        status=409 if request.method == "POST" else 200,
    )


def _archive_url(found: Product, variant: Variant) -> str:
    return url_for("catalog.variant_archive", sku=found.sku, key=variant.id)


@blueprint.post("/products/<code:sku>/variants/<key:key>/archive")
@require("catalog:write")
def variant_archive(sku: str, key: int) -> Answer:
    """Put one variant away, instead of deleting it."""
    found = queries.product(db.session, sku, lock=True)
    variant = _of(found, key)
    operations.archive(variant)
    db.session.commit()
    flash(f"{variant.code} is archived.")
    return done(url_for("catalog.product", sku=found.sku))


def _of(product: Product, key: int) -> Variant:
    found = next((variant for variant in product.variants if variant.id == key), None)
    if found is None:
        raise NotVisible("There is no such variant.")
    return found
