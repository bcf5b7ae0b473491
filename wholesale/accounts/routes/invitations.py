"""Invitations: the admin's list, and the page where an invited person comes in."""

from flask import flash, jsonify, redirect, request, url_for
from flask_login import current_user

from wholesale.access.gate import public, require
from wholesale.access.queries import roles
from wholesale.accounts import blueprint, invitations, queries
from wholesale.accounts.forms import AcceptForm, InviteForm
from wholesale.accounts.mails import mail_invitation
from wholesale.accounts.models import Invitation, InvitationState
from wholesale.core.errors import Invalid
from wholesale.extensions import db
from wholesale.web.forms import named_choices
from wholesale.web.limits import api_limit, limiter
from wholesale.web.lists import list_page
from wholesale.web.pages import Answer, done, page

# Sent and resent together, so that nobody's mailbox is flooded.
invitation_limit = limiter.shared_limit("60 per hour", scope="invitations", methods=["POST"])


@blueprint.route("/admin/invitations", methods=["GET", "POST"])
@require("invitations:write")
@invitation_limit
def invitation_list() -> Answer:
    """List invitations, and send another."""
    form = InviteForm()
    form.role.choices = named_choices(roles(db.session))
    if form.validate_on_submit():
        try:
            _send(form)
            return done(url_for("accounts.invitation_list"))
        except Invalid as refusal:
            form.email.errors = [refusal.message]
    found = list_page(queries.INVITATIONS, queries.listed_invitations())
    status = 422 if form.errors else 200
    blocks = {"results": "results"}
    return page("accounts/invitations.html", blocks=blocks, status=status, form=form, found=found)


def _send(form: InviteForm) -> None:
    invitation, token = invitations.invite(
        db.session, form.email.data or "", form.name.data or "", form.role.data, current_user
    )
    mail_invitation(invitation, token, current_user.name)
    db.session.commit()
    flash(f"{invitation.email} is invited.")


@blueprint.post("/admin/invitations/<key:key>/resend")
@require("invitations:write")
@invitation_limit
def resend_invitation(key: int) -> Answer:
    """Send an invitation again, with a new link."""
    invitation = _resend(key)
    flash(f"The invitation of {invitation.email} is sent again; the old link is dead.")
    return done(url_for("accounts.invitation_list"))


@blueprint.post("/api/invitations/resend/<key:key>")
@require("invitations:write")
@api_limit
def resend_invitation_api(key: int) -> Answer:
    """Send an invitation again, for scripts."""
    invitation = _resend(key)
    return jsonify(status="ok", id=invitation.id, expires_at=invitation.expires_at.isoformat())


def _resend(key: int) -> Invitation:
    invitation = queries.invitation(db.session, key)
    token = invitations.resend(db.session, invitation)
    mail_invitation(invitation, token, current_user.name)
    db.session.commit()
    return invitation


@blueprint.post("/admin/invitations/<key:key>/revocation")
@require("invitations:write")
def revoke_invitation(key: int) -> Answer:
    """Take an invitation back."""
    invitation = queries.invitation(db.session, key)
    invitations.revoke(db.session, invitation)
    db.session.commit()
    flash(f"The invitation of {invitation.email} is revoked.")
    return done(url_for("accounts.invitation_list"))


@blueprint.route("/invitations/<token>", methods=["GET", "POST"])
@public
@limiter.limit("20 per hour", methods=["POST"])
def accept_invitation(token: str) -> Answer:
    """Ask an invited person for name and password; opening the link changes nothing."""
    lock = request.method == "POST"
    invitation = queries.invitation_by_token(db.session, token, lock=lock)
    form = AcceptForm(obj=invitation)
    if form.validate_on_submit():
        try:
            name, password = form.name.data or "", form.password.data or ""
            invitations.accept(db.session, invitation, name, password)
            db.session.commit()
            flash("Welcome. Sign in with your new password.")
            return redirect(url_for("accounts.sign_in"), 303)
        except Invalid as refusal:
            form.password.errors = list(refusal.fields.values())
    return page(
        "accounts/accept.html",
        status=422 if form.errors else 200,
        form=form,
        invitation=invitation,
        is_open=invitation.state is InvitationState.PENDING,
    )
