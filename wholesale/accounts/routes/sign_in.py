"""Sign-in, also in place over a page under way, and sign-out."""

import json
import re
from dataclasses import replace

import structlog
from flask import flash, g, redirect, request, session, url_for
from flask_login import current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf

from wholesale.access.gate import public, signed_in
from wholesale.accounts import blueprint
from wholesale.accounts.forms import SignInForm
from wholesale.accounts.models import User
from wholesale.accounts.operations import authenticate
from wholesale.accounts.sessions import present_session
from wholesale.audit.actor import acting, set_acting
from wholesale.audit.recording import note
from wholesale.extensions import db, login_manager
from wholesale.web.errors import error_answer
from wholesale.web.limits import account_address, give_back, limiter
from wholesale.web.pages import Answer, fragments, page, partial, target_id, wants_fragment
from wholesale.web.urls import local_url

log = structlog.get_logger("accounts")
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
IN_PLACE = "dialog-slot"


@login_manager.user_loader
def load_user(user_id: str) -> User | None:
    """Return the person of the request's session; it was loaded with the session."""
    user = present_session().user
    return user if user and str(user.id) == user_id else None


@login_manager.unauthorized_handler
def ask_to_sign_in() -> Answer:
    """Send a browser to the sign-in page and back; ask htmx's visitor in place."""
    if wants_fragment():
        answer = fragments(partial("accounts/_sign_in_asked.html", form=SignInForm()), status=401)
        answer.headers["HX-Reswap"] = "none"
        return answer
    if request.method not in ("GET", "HEAD") or request.path.startswith("/api/"):
        return error_answer(401, code="unauthorized")
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit("5 per 15 minutes", methods=["POST"])
@limiter.limit("5 per 15 minutes", key_func=account_address, methods=["POST"])
def sign_in() -> Answer:
    """Ask for e-mail and password, then go on to where the person was heading."""
    target = local_url(request.args.get("next")) or url_for("insight.dashboard")
    if current_user.is_authenticated and request.method == "GET":
        return redirect(target)
    form = SignInForm()
    if not form.validate_on_submit() or not _enter(form):
        status = 422 if form.errors else 200
        if _is_in_place():
            return fragments(partial("accounts/_sign_in_dialog.html", form=form), status=status)
        return page("accounts/sign_in.html", form=form, status=status)
    return _back_to_work() if _is_in_place() else redirect(target, 303)


def _is_in_place() -> bool:
    return wants_fragment() and target_id() == IN_PLACE


def _enter(form: SignInForm) -> bool:
    """Sign the person in when the password is right; say nothing of what was wrong."""
    email = form.email.data or ""
    user = authenticate(db.session, email, form.password.data or "")
    outcome = "accepted" if user else "refused"
    shown = email[:254] if ADDRESS.fullmatch(email) else "(not an address)"  # a password, perhaps
    log.info(f"[LocalAuth] Login attempt {outcome}", email=shown, address=request.remote_addr)
    if user is None:
        note(db.session, "sign-in refused", "users", shown)
        db.session.commit()
        form.password.errors = ["E-mail and password do not belong together."]
        return False
    set_acting(replace(acting(), name=f"{user.name} <{user.email}>", user_id=user.id))
    note(db.session, "signed in", "users", user.id)
    give_back()
    db.session.commit()
    session.clear()
    g.pop("csrf_token", None)
    present_session().renew()
    session.permanent = bool(form.remember.data)
    login_user(user)
    return True


def _back_to_work() -> Answer:
    """Close the dialog, and give the page under way the new session's CSRF token."""
    answer = fragments('<div id="dialog-slot" hx-swap-oob="innerHTML"></div>')
    answer.headers["HX-Trigger"] = json.dumps(
        {"signed-in": {"csrf": generate_csrf(), "user": current_user.id}}
    )
    return answer


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> Answer:
    """End this session."""
    note(db.session, "signed out", "users", current_user.id)
    db.session.commit()
    logout_user()
    session.clear()
    present_session().renew()
    flash("You are signed out.")
    return redirect(url_for("accounts.sign_in"), 303)
