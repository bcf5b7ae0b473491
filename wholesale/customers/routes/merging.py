"""Merging a duplicate: choose it, compare, confirm; and the way back."""

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.core.errors import DomainError, Invalid, NotPermitted
from wholesale.customers import blueprint, merge, operations, queries, unmerge
from wholesale.customers.forms import MergeForm
from wholesale.customers.models import Organization
from wholesale.extensions import db
from wholesale.web.forms import LARGEST_KEY
from wholesale.web.pages import Answer, done, page, typed

STALE = "One of the two was changed after you opened this page. Look again, then merge."


@blueprint.get("/organizations/<key:key>/merge")
@require("organizations:write")
def merge_page(key: int) -> Answer:
    """Choose the duplicate of a customer, or compare the two."""
    found = queries.organization(db.session, current_user, key)
    operations.refuse_foreign(current_user, found)
    operations.refuse_merged(found)
    other = request.args.get("other", type=int)
    if other is None or not 0 < other <= LARGEST_KEY:
        return _picker(found)
    return _comparison(*_both(key, other))


@blueprint.post("/organizations/<key:key>/merge")
@require("organizations:write")
def merge_now(key: int) -> Answer:
    """Merge the duplicate; a replayed request finds it merged."""
    form = MergeForm()
    if not form.validate():
        found = queries.organization(db.session, current_user, key)
        operations.refuse_foreign(current_user, found)
        return _picker(found, " ".join(form.other.errors), status=422)
    kept, other = _both(key, form.other.key, lock=True)
    if other.merged_into_id == kept.id:
        return done(url_for("customers.organization", key=key))
    seen = (form.kept_version.data or kept.version, form.other_version.data or other.version)
    if seen != (kept.version, other.version) and other.merged_into_id is None:
        db.session.rollback()
        return _comparison(*_both(key, form.other.key), problem=STALE, status=409)
    if "price_lists" in merge.what_moves(db.session, other):
        _refuse_prices()
    prefix = "take."
    fields = {n.removeprefix(prefix) for n, v in request.form.items() if v == "other"}
    try:
        merge.merge(db.session, kept, other, fields)
    except Invalid as refusal:
        db.session.rollback()
        found = queries.organization(db.session, current_user, key)
        return _picker(found, refusal.message, status=422)
    db.session.commit()
    flash(f"{other.name} is merged into {kept.name}.")
    return done(url_for("customers.organization", key=key))


@blueprint.post("/organizations/<key:key>/merge/undo")
@require("organizations:write")
def undo_merge(key: int) -> Answer:
    """Give a merged duplicate back what moved, as far as it is still there."""
    found = queries.organization(db.session, current_user, key)
    operations.refuse_foreign(current_user, found)
    if found.merged_into_id is not None:
        kept, other = _both(found.merged_into_id, key, lock=True)
        if unmerge.undo(db.session, kept, other):
            db.session.commit()
            flash(f"The merge is undone: {other.name} is as it was.")
    return done(url_for("customers.organization", key=key))


def _refuse_prices() -> None:
    if not current_user.may("prices:write"):
        raise NotPermitted("It has price lists of its own: ask somebody who may change prices.")


def _both(key: int, other: int, *, lock: bool = False) -> tuple[Organization, Organization]:
    pair = merge.pair(db.session, current_user, key, other, lock=lock)
    for one in pair:
        operations.refuse_foreign(current_user, one)
    return pair


def _is_offered(one: Organization, found: Organization) -> bool:
    mine = operations.may_write(current_user, one)
    return mine and one.id != found.id and one.merged_into_id is None


def _picker(found: Organization, problem: str = "", status: int = 200) -> Answer:
    q = typed()
    listed = queries.pick_organizations(db.session, current_user, q, "organizations:write")
    alike = [] if q else queries.similar_organizations(db.session, current_user, found.name)
    return page(
        "customers/merge_choice.html",
        blocks={"organization-options": "options"},
        status=status,
        organization=found,
        q=q,
        found=[one for one in listed if one.id != found.id],
        alike=[one for one in alike if _is_offered(one, found)],
        problem=problem,
    )


def _comparison(
    kept: Organization, other: Organization, problem: str = "", status: int = 200
) -> Answer:
    try:
        merge.refuse_pair(kept, other)
    except DomainError as refusal:
        return _picker(kept, refusal.message, status=refusal.status)
    return page(
        "customers/merge.html",
        status=status,
        organization=kept,
        other=other,
        choices=merge.choices(kept, other),
        moves=merge.what_moves(db.session, other),
        twins=merge.namesakes(db.session, kept, other),
        form=MergeForm(
            formdata=None, other=other.id, kept_version=kept.version, other_version=other.version
        ),
        problem=problem,
    )
