"""One's own notifications: the list, the bell with its count, reading them."""

from flask import g, redirect, url_for
from flask_login import current_user

from wholesale.access.gate import public, signed_in
from wholesale.extensions import db
from wholesale.notifications import blueprint, operations, queries
from wholesale.web.pages import Answer, done, fragments, page, partial


@blueprint.get("/notifications")
@signed_in
def notifications() -> Answer:
    """Show what one was told last."""
    return page(
        "notifications/notifications.html",
        told=queries.latest(db.session, current_user.id),
        unread=queries.unread(db.session, current_user.id),
    )


@blueprint.get("/notifications/bell")
@public
def bell() -> Answer:
    """Answer with the bell and its count, which asks by itself: that is no use of a session."""
    g.is_unasked = True
    if not current_user.is_authenticated:
        return "", 204
    unread = queries.unread(db.session, current_user.id)
    return fragments(
        partial("notifications/_bell.html", unread=unread, many=queries.MANY),
        partial("shell/_maintenance.html", oob=True),
    )


@blueprint.post("/notifications/<key:key>/open")
@signed_in
def open_notification(key: int) -> Answer:
    """Mark one as read and go to what it is about."""
    found = queries.notification(db.session, current_user.id, key)
    operations.read(db.session, current_user.id, key)
    db.session.commit()
    return redirect(found.path, 303)


@blueprint.post("/notifications/read")
@signed_in
def read_all() -> Answer:
    """Mark all as read."""
    operations.read(db.session, current_user.id)
    db.session.commit()
    return done(url_for("notifications.notifications"))
