"""The tree of categories: shown, added to, edited in place, deleted from."""

from functools import partial as partial_call

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.catalog import blueprint, queries, shelves
from wholesale.catalog.forms import CategoryForm
from wholesale.catalog.models import Category
from wholesale.catalog.routes.answers import deletion_page
from wholesale.core.errors import Invalid
from wholesale.extensions import db
from wholesale.web.forms import choices, tell
from wholesale.web.merging import answer_status, bases, saved
from wholesale.web.pages import Answer, done, page, wants_fragment

FIELDS = ("name", "parent_id", "description")


@blueprint.get("/categories")
@require("catalog:read")
def categories() -> Answer:
    """Show the tree of categories."""
    return _tree()


@blueprint.route("/categories/new", methods=["GET", "POST"])
@require("catalog:write")
def new_category() -> Answer:
    """Add a category."""
    form = CategoryForm(parent_id=request.args.get("within", type=int)).with_ids("category")
    _offer_parents(form)
    if form.validate_on_submit():
        try:
            values = {name: form[name].data for name in FIELDS}
            made = shelves.create_category(db.session, form.entry_key, values)
            db.session.commit()
            return _changed(f"{made.name} is added.")
        except Invalid as refusal:
            tell(form, refusal)
    return _tree(form)


@blueprint.route("/categories/<key:key>/edit", methods=["GET", "POST"])
@require("catalog:write")
def edit_category(key: int) -> Answer:
    """Rename, describe or move a category in place."""
    found = queries.category(db.session, key, lock=request.method == "POST")
    form = CategoryForm(obj=found, key=None).with_ids("category")
    del form.key
    _offer_parents(form, found)
    change = partial_call(shelves.change_category, db.session, found)
    if form.validate_on_submit() and saved(found, form, request.form, change):
        db.session.commit()
        return _changed(f"{found.name} is saved.")
    return _tree(form, found)


@blueprint.route("/categories/<key:key>/deletion", methods=["GET", "POST"])
@require("catalog:write")
def category_deletion(key: int) -> Answer:
    """Say what lies in a category; or delete an empty one."""
    found = queries.category(db.session, key, lock=request.method == "POST")
    against = shelves.standing_against_category(db.session, found)
    tree = url_for("catalog.categories")
    if request.method == "POST" and not against:
        shelves.delete_category(db.session, found)
        db.session.commit()
        flash(f"{found.name} is deleted.")
        return done(tree)
    return deletion_page(
        found.name,
        against,
        url=url_for("catalog.category_deletion", key=key),
        back=tree,
        trail=[("Catalog", url_for("catalog.products")), ("Categories", tree)],
        links={"products": url_for("catalog.products", category=key), "categories": tree},
        status=409 if request.method == "POST" else 200,
    )


def _offer_parents(form: CategoryForm, found: Category | None = None) -> None:
    tops = [c for c in queries.categories(db.session) if c.is_top and c is not found]
    form.parent_id.choices = choices(tops, lambda c: c.name, "Nothing: it is at the top")


def _changed(message: str) -> Answer:
    flash(message)
    return _tree() if wants_fragment() else done(url_for("catalog.categories"))


def _tree(form: CategoryForm | None = None, found: Category | None = None) -> Answer:
    """Answer with the tree; ``form`` stands in the place of ``found``, or at its head."""
    status = 200 if form is None else answer_status(form)
    shelves_shown = queries.categories(db.session)
    return page(
        "catalog/categories.html",
        blocks={"tree": "tree"},
        status=status,
        url=url_for("catalog.categories") if request.method == "POST" and status == 200 else None,
        categories=shelves_shown,
        counts=queries.products_per_category(db.session, shelves_shown),
        form=form,
        edited=found,
        bases=bases(found, form, request.form) if form and found else {},
        may_write=current_user.may("catalog:write"),
    )
