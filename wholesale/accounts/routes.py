"""Sign-in and sign-out."""

import structlog
from flask import Response, flash, redirect, request, session, url_for
from flask_login import current_user, login_user, logout_user

from wholesale.access.gate import public, signed_in
from wholesale.accounts import blueprint
from wholesale.accounts.forms import SignInForm
from wholesale.accounts.models import User
from wholesale.accounts.operations import authenticate
from wholesale.accounts.sessions import present_session
from wholesale.extensions import db, login_manager
from wholesale.web.errors import error_answer
from wholesale.web.limits import account_address, limiter
from wholesale.web.pages import Answer, page, wants_fragment
from wholesale.web.urls import local_url

log = structlog.get_logger("accounts")


@login_manager.user_loader
def load_user(user_id: str) -> User | None:
    """Return the person of the request's session; it was loaded with the session."""
    user = present_session().user
    return user if user and str(user.id) == user_id else None


@login_manager.unauthorized_handler
def ask_to_sign_in() -> Answer:
    """Send a browser to the sign-in page and back; tell htmx and machines that it is needed."""
    if wants_fragment() or request.method != "GET" or request.path.startswith("/api/"):
        return error_answer(401, code="unauthorized")
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))


def was_refused(answer: Response) -> bool:
    """Tell whether a sign-in try counts against the limit: those that succeed do not."""
    return answer.status_code >= 400


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit("5 per 15 minutes", methods=["POST"], deduct_when=was_refused)
@limiter.limit(
    "5 per 15 minutes", key_func=account_address, methods=["POST"], deduct_when=was_refused
)
def sign_in() -> Answer:
    """Ask for e-mail and password, then go on to where the person was heading."""
    target = local_url(request.args.get("next")) or url_for("insight.dashboard")
    if current_user.is_authenticated:
        return redirect(target)
    form = SignInForm()
    if not form.validate_on_submit():
        return page("accounts/sign_in.html", form=form, status=422 if form.errors else 200)
    user = authenticate(db.session, form.email.data, form.password.data)
    outcome = "accepted" if user else "refused"
    log.info(f"[LocalAuth] Login attempt {outcome}", email=form.email.data[:254])
    if user is None:
        form.password.errors = ["E-mail and password do not belong together."]
        return page("accounts/sign_in.html", form=form, status=422)
    db.session.commit()
    session.clear()
    present_session().renew()
    session.permanent = bool(form.remember.data)
    login_user(user)
    return redirect(target, 303)


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> Answer:
    """End this session."""
    logout_user()
    session.clear()
    present_session().renew()
    flash("You are signed out.")
    return redirect(url_for("accounts.sign_in"), 303)
