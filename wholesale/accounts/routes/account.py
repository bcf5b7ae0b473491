"""One's own account: profile, password, notifications, and the devices signed in."""

from datetime import time

from flask import flash, make_response, request, url_for
from flask_login import current_user

from wholesale.access.gate import signed_in
from wholesale.accounts import blueprint, operations, queries, sessions
from wholesale.accounts.forms import NOTIFICATIONS, PasswordForm, ProfileForm, TimesForm
from wholesale.accounts.passwords import is_correct
from wholesale.accounts.sessions import present_session
from wholesale.core.errors import Invalid
from wholesale.extensions import db
from wholesale.web.limits import limiter
from wholesale.web.pages import Answer, done, page

YEAR = 365 * 86400


@blueprint.route("/account", methods=["GET", "POST"])
@signed_in
def account() -> Answer:
    """Show and edit the profile."""
    form = ProfileForm(obj=current_user, theme=current_user.preferences.get("theme", "system"))
    if not form.validate_on_submit():
        return account_page(profile=form, status=422 if form.errors else 200)
    current_user.name = form.name.data
    current_user.phone = form.phone.data or None
    current_user.time_zone = form.time_zone.data
    current_user.preferences = current_user.preferences | {"theme": form.theme.data}
    db.session.commit()
    flash("Profile saved.")
    answer = make_response(done(url_for("accounts.account")))
    answer.set_cookie("theme", form.theme.data, max_age=YEAR, samesite="Lax")
    return answer


@blueprint.post("/account/password")
@signed_in
@limiter.limit("10 per hour")
def password() -> Answer:
    """Change the password; every other session ends."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return account_page(password=form, status=422)
    if not is_correct(form.present.data or "", current_user.password_hash):
        form.present.errors = ["This is not your present password."]
        return account_page(password=form, status=422)
    keep = present_session().kept_hash
    try:
        operations.change_password(db.session, current_user, form.password.data or "", keep=keep)
    except Invalid as weak:
        form.password.errors = [weak.fields["password"]]
        return account_page(password=form, status=422)
    db.session.commit()
    flash("Password changed. Your other devices are signed out.")
    return done(url_for("accounts.account"))


@blueprint.post("/account/notifications")
@signed_in
def notifications() -> Answer:
    """Choose what to be told, and how."""
    times = TimesForm()
    if not times.validate():
        return account_page(times=times, status=422)
    chosen = {
        name: [way for way in ("app", "mail") if request.form.get(f"{name}.{way}")]
        for name in NOTIFICATIONS
    }
    current_user.preferences = current_user.preferences | {"notifications": chosen} | times.chosen
    db.session.commit()
    flash("Notifications saved.")
    return done(url_for("accounts.account"))


@blueprint.post("/account/sessions/<key:key>/end")
@signed_in
def end_session(key: int) -> Answer:
    """Sign one device out."""
    sessions.end_session(db.session, current_user.id, key)
    db.session.commit()
    flash("That device is signed out.")
    return done(url_for("accounts.account"))


@blueprint.post("/account/sessions/end")
@signed_in
def end_other_sessions() -> Answer:
    """Sign every other device out."""
    keep = present_session().kept_hash
    ended = sessions.end_sessions(db.session, current_user.id, keep=keep)
    db.session.commit()
    flash(f"{ended} other {'device is' if ended == 1 else 'devices are'} signed out.")
    return done(url_for("accounts.account"))


def account_page(
    *,
    profile: ProfileForm | None = None,
    password: PasswordForm | None = None,
    times: TimesForm | None = None,
    status: int = 200,
) -> Answer:
    """Answer with the account page."""
    theme = current_user.preferences.get("theme", "system")
    return page(
        "accounts/account.html",
        status=status,
        profile=profile or ProfileForm(formdata=None, obj=current_user, theme=theme),
        password=password or PasswordForm(formdata=None),
        times=times or _times(),
        notifications=NOTIFICATIONS,
        chosen=current_user.preferences.get("notifications", {}),
        sessions=queries.sessions_of(db.session, current_user.id),
        present=present_session().key,
    )


def _times() -> TimesForm:
    """Return the form of the times as they are kept."""
    names = ("digest", "quiet_from", "quiet_until")
    kept = {name: current_user.preferences.get(name) for name in names}
    known = {name: time.fromisoformat(text) for name, text in kept.items() if text}
    return TimesForm(formdata=None, data=known)
