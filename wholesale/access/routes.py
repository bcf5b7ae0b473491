"""The permission matrix for admins, and the seeding that scripts may ask for."""

from flask import Blueprint, flash, jsonify, url_for

from wholesale.access import operations
from wholesale.access.forms import RoleForm, ScopeForm
from wholesale.access.gate import require
from wholesale.access.matrix import RESOURCES, scopes_of
from wholesale.access.queries import matrix_of_roles, roles
from wholesale.access.seed import seed_permissions
from wholesale.core.errors import Invalid
from wholesale.extensions import db
from wholesale.web.limits import api_limit
from wholesale.web.pages import Answer, done, fragments, page, partial, wants_fragment

blueprint = Blueprint("access", __name__)


@blueprint.get("/admin/permissions")
@require("roles:read")
def matrix() -> Answer:
    """Show roles × permissions with their scopes."""
    return matrix_page(RoleForm())


def matrix_page(form: RoleForm) -> Answer:
    """Answer with the matrix and the form for another role."""
    return page(
        "access/matrix.html",
        status=422 if form.errors else 200,
        roles=roles(db.session),
        scopes_of=scopes_of,
        permissions=[f"{r}:{action}" for r, actions in RESOURCES.items() for action in actions],
        matrix=matrix_of_roles(db.session),
        form=form,
    )


@blueprint.post("/admin/permissions/<role>")
@require("roles:write")
def set_scope(role: str) -> Answer:
    """Set one cell of the matrix."""
    form = ScopeForm()
    if not form.validate_on_submit():
        raise Invalid("The matrix has no such permission or scope.")
    permission, scope = form.permission.data or "", form.scope.data
    operations.set_scope(db.session, role, permission, scope)
    db.session.commit()
    flash(f"{role}: {permission} is “{scope}” from now on.")
    if not wants_fragment():
        return done(url_for("access.matrix"))
    return fragments(
        partial(
            "access/_cell.html", role=role, permission=permission, scope=scope, scopes_of=scopes_of
        )
    )


@blueprint.post("/admin/roles")
@require("roles:write")
def create_role() -> Answer:
    """Add a role."""
    form = RoleForm()
    if not form.validate_on_submit():
        return matrix_page(form)
    try:
        operations.create_role(db.session, form.name.data or "", form.label.data or "")
    except Invalid as refusal:
        form.name.errors = list(refusal.fields.values())
        return matrix_page(form)
    db.session.commit()
    flash("Role added. It may do nothing yet.")
    return done(url_for("access.matrix"))


@blueprint.post("/admin/roles/<role>/deletion")
@require("roles:write")
def delete_role(role: str) -> Answer:
    """Delete a role that nobody has."""
    operations.delete_role(db.session, role)
    db.session.commit()
    flash("Role deleted.")
    return done(url_for("access.matrix"))


@blueprint.post("/api/permissions/seed")
@require("roles:write")
@api_limit
def seed() -> Answer:
    """Add what is missing of the seeded matrix; edits stay."""
    added = seed_permissions(db.session)
    db.session.commit()
    return jsonify(status="ok", added=added)
