"""The outbox for admins, and the address to which the mail service tells what came of a mail."""

import json

from flask import abort, current_app, flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import public, require
from wholesale.access.queries import may
from wholesale.extensions import csrf, db
from wholesale.mail import blueprint, operations, queries
from wholesale.mail.models import MailState
from wholesale.mail.service import service_of
from wholesale.mail.webhook import is_genuine, log, take_events
from wholesale.web.lists import list_page
from wholesale.web.pages import Answer, done, page

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"


@blueprint.get("/admin/mail")
@require("settings:read")
def outbox() -> Answer:
    """List mails, the latest first."""
    state = request.args.get("state") or ""
    state = state if state in MailState.__members__.values() else ""
    return page(
        "mail/outbox.html",
        blocks={"results": "results"},
        found=list_page(queries.LISTING, queries.mails(state)),
        states=list(MailState),
        chosen=state,
        has_service=service_of(current_app.config) is not None,
        health=queries.health(db.session),
    )


@blueprint.get("/admin/mail/<key:key>")
@require("settings:read")
def mail(key: int) -> Answer:
    """Show one mail; what opens something only to who may pass it on, and until it is sent."""
    found = queries.mail(db.session, key)
    is_ours = found.state in (MailState.KEPT, MailState.WAITING, MailState.FAILED)
    return page(
        "mail/mail.html",
        mail=found,
        events=queries.events_of(db.session, found),
        bounced=queries.bounced(db.session, [found.recipient]),
        may_retry=operations.may_retry(db.session, found),
        is_hidden=found.is_secret and not (is_ours and may(current_user, "settings:write")),
    )


@blueprint.post("/admin/mail/<key:key>/retry")
@require("settings:write")
def mail_retry(key: int) -> Answer:
    """Send a mail again that failed, bounced or was kept."""
    operations.retry(db.session, queries.mail(db.session, key, lock=True))
    db.session.commit()
    flash("The mail is on its way again.")
    return done(url_for("mail.mail", key=key))


@blueprint.post("/admin/mail/<key:key>/free")
@require("settings:write")
def mail_free(key: int) -> Answer:
    """Let mail go to an address again that bounced."""
    found = queries.mail(db.session, key)
    operations.free_address(db.session, found.recipient)
    db.session.commit()
    flash(f"Mail goes to {found.recipient} again.")
    return done(url_for("mail.mail", key=key))


@blueprint.post("/webhooks/sendgrid")
@csrf.exempt
@public
def events() -> Answer:
    """Take what the mail service tells; only what it signed itself, and lately."""
    key = current_app.config["SENDGRID_WEBHOOK_KEY"]
    signature, timestamp = request.headers.get(SIGNATURE, ""), request.headers.get(TIMESTAMP, "")
    body = request.get_data()
    if not key or not is_genuine(key, body, signature, timestamp):
        log.warning("mail event refused", reason="no key is set" if not key else "bad signature")
        abort(400)
    try:
        told = json.loads(body)
    except ValueError:
        abort(400)
    new = take_events(db.session, [one for one in told if isinstance(one, dict)])
    db.session.commit()
    log.info("mail events", told=len(told), new=new)
    return "", 204
