"""A product's pictures: served, added, described, moved, deleted."""

from typing import Any

from flask import flash, make_response, request, url_for
from werkzeug.utils import secure_filename

from wholesale.access.gate import require
from wholesale.catalog import blueprint, images, queries
from wholesale.catalog.forms import ImageForm, UploadForm
from wholesale.catalog.models import Product, ProductImage
from wholesale.catalog.routes.answers import product_trail
from wholesale.catalog.routes.products import product_page
from wholesale.core.errors import Invalid
from wholesale.core.text import clean_line
from wholesale.extensions import db
from wholesale.web.forms import choices
from wholesale.web.merging import answer_status, bases, clashes, merge
from wholesale.web.pages import Answer, done, page, wants_fragment

YEAR = 365 * 86400


@blueprint.url_value_preprocessor
def allow_pictures(endpoint: str | None, _: dict[str, Any] | None) -> None:
    """Let one upload be larger than other forms; this comes before anything reads the form."""
    if endpoint == "catalog.upload_images":
        request.max_content_length = images.LARGEST_BODY


@blueprint.get("/products/<code:sku>/images/<key:key>")
@require("catalog:read")
def image(sku: str, key: int) -> Answer:
    """Serve a picture."""
    return _served(images.served_image(db.session, sku, key), "content")


@blueprint.get("/products/<code:sku>/images/<key:key>/thumbnail")
@require("catalog:read")
def thumbnail(sku: str, key: int) -> Answer:
    """Serve a picture as lists show it."""
    return _served(images.served_image(db.session, sku, key), "thumbnail")


def _served(found: ProductImage, column: str) -> Answer:
    """Answer with the bytes, or with 304 when the browser has them; both may be kept.

    An address with the picture's own hash never changes what it shows.
    """
    tag = f"{found.sha256[:32]}-{column}"
    is_known = request.if_none_match.contains(tag)
    answer = make_response(b"" if is_known else getattr(found, column), 304 if is_known else 200)
    answer.set_etag(tag)
    answer.content_type = found.content_type
    name = secure_filename(f"{found.product_id}-{found.id}.webp")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    is_pinned = request.args.get("v") == found.sha256[:12]
    age = f"max-age={YEAR}, immutable" if is_pinned else "no-cache"
    answer.headers["Cache-Control"] = f"private, {age}"
    return answer


@blueprint.post("/products/<code:sku>/images")
@require("catalog:write")
def upload_images(sku: str) -> Answer:
    """Add pictures to a product, several at once; all of them or none."""
    found = queries.product(db.session, sku, lock=True)
    form = UploadForm()
    files = [file for file in request.files.getlist("files") if file.filename]
    if form.validate() and not files:
        form.files.errors = ["Choose at least one picture."]
    if form.errors:
        return product_page(found, upload=form, status=422)
    try:
        named = ((clean_line(file.filename)[:80], file.read()) for file in files)
        added = images.add_images(db.session, found, named)
    except Invalid as refusal:
        form.files.errors = [refusal.message]
        return product_page(found, upload=form, status=422)
    db.session.commit()
    many = {0: "No new picture.", 1: "1 picture added."}
    flash(many.get(added, f"{added} pictures added."))
    return _shown(found)


@blueprint.route("/products/<code:sku>/images/<key:key>/edit", methods=["GET", "POST"])
@require("catalog:write")
def edit_image(sku: str, key: int) -> Answer:
    """Say what a picture shows, and of which colour it is."""
    found = queries.product(db.session, sku, lock=request.method == "POST")
    picture = images.image_of(found, key)
    form = ImageForm(obj=picture).with_ids("image")
    form.variant_id.choices = choices(found.variants, lambda v: v.label, "All of them")
    if form.validate_on_submit():
        values = merge(picture, form, request.form)
        if not clashes(form):
            images.describe_image(db.session, found, picture, values)
            db.session.commit()
            flash("Saved.")
            return _shown(found)
    return page(
        "catalog/image.html",
        blocks={"images": "form"},
        status=answer_status(form),
        product=found,
        image=picture,
        form=form,
        trail=product_trail(found),
        bases=bases(picture, form, request.form),
    )


@blueprint.post("/products/<code:sku>/images/<key:key>/<any(first, earlier, later):place>")
@require("catalog:write")
def place_image(sku: str, key: int, place: str) -> Answer:
    """Make a picture the primary one, or move it."""
    found = queries.product(db.session, sku, lock=True)
    images.place_image(db.session, found, images.image_of(found, key), place)
    db.session.commit()
    flash("It is the primary picture now." if place == "first" else "Moved.")
    return _shown(found)


@blueprint.post("/products/<code:sku>/images/<key:key>/deletion")
@require("catalog:write")
def delete_image(sku: str, key: int) -> Answer:
    """Delete a picture."""
    found = queries.product(db.session, sku, lock=True)
    images.delete_image(db.session, found, images.image_of(found, key))
    db.session.commit()
    flash("The picture is deleted.")
    return _shown(found)


def _shown(found: Product) -> Answer:
    """Answer with the pictures as they are now."""
    if not wants_fragment():
        return done(url_for("catalog.product", sku=found.sku))
    return product_page(found)
