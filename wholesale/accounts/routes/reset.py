"""A new password by a link in a mail."""

import time

from flask import flash, redirect, request, url_for

from wholesale.access.gate import public
from wholesale.accounts import blueprint, operations, queries
from wholesale.accounts.forms import ForgotForm, NewPasswordForm
from wholesale.accounts.mails import mail_reset
from wholesale.core.errors import Invalid
from wholesale.extensions import db
from wholesale.web.limits import account_address, limiter
from wholesale.web.pages import Answer, page

ANSWER_TAKES = 0.25  # seconds, whether the account exists or not


@blueprint.route("/forgot-password", methods=["GET", "POST"])
@public
@limiter.limit("10 per hour", methods=["POST"])
@limiter.limit("5 per hour", key_func=account_address, methods=["POST"])
def forgot_password() -> Answer:
    """Send a link to a new password; the answer is the same for any address."""
    started = time.monotonic()
    form = ForgotForm()
    if not form.validate_on_submit():
        return page("accounts/forgot.html", form=form, status=422 if form.errors else 200)
    begun = operations.begin_reset(db.session, form.email.data or "")
    if begun is not None:
        mail_reset(*begun)
    db.session.commit()
    time.sleep(max(0.0, ANSWER_TAKES - (time.monotonic() - started)))
    return page("accounts/forgot_sent.html")


@blueprint.route("/reset-password/<token>", methods=["GET", "POST"])
@public
@limiter.limit("20 per hour", methods=["POST"])
def reset_password(token: str) -> Answer:
    """Ask for the new password; opening the link changes nothing."""
    reset = queries.reset_by_token(db.session, token, lock=request.method == "POST")
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            operations.finish_reset(db.session, reset, form.password.data or "")
            db.session.commit()
            flash("Your new password is set. Sign in with it.")
            return redirect(url_for("accounts.sign_in"), 303)
        except Invalid as weak:
            form.password.errors = [weak.fields["password"]]
    return page("accounts/new_password.html", form=form, status=422 if form.errors else 200)
