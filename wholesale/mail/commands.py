"""``flask mail``: trying the mail service out, looking at the outbox, sending again."""

import json
import sys
from collections.abc import Sequence

import click
from flask import current_app
from flask.cli import AppGroup

from wholesale.extensions import db
from wholesale.mail import operations, queries
from wholesale.mail.models import MailState, OutboxMail
from wholesale.mail.service import Later, Refused, service_of
from wholesale.web.commands import as_json, commits

mail = AppGroup("mail", help="The outbox and the mail service.")


@mail.command("test")
@click.argument("recipient")
def test(recipient: str) -> None:
    """Send a mail right now and say what the service answered.

    Example: flask mail test me@example.com
    """
    service = service_of(current_app.config)
    if service is None:
        raise click.ClickException("SENDGRID_API_KEY is not set: mails are kept in the outbox.")
    body = "This is a test of the mail service: it works."
    sample = OutboxMail(id=0, recipient=recipient, subject="WholesaleOS: a test", body=body)
    sample.html = f"<p>{body}</p>"
    try:
        key = service.send(sample)
    except (Refused, Later) as trouble:
        raise click.ClickException(f"SendGrid did not take it: {trouble}") from trouble
    click.echo(f"SendGrid took it for {recipient} ({key or 'without an id'}).")


@mail.command("list")
@click.option("--state", type=click.Choice([s.value for s in MailState]))
@click.option("--limit", default=50, show_default=True)
@as_json
def show(state: str | None, limit: int, as_json: bool) -> None:
    """List mails, the latest first; exits with 1 when some failed.

    Example: flask mail list --state failed
    """
    query = queries.mails(state or "").order_by(OutboxMail.id.desc()).limit(limit)
    for one in db.session.scalars(query):
        shown = {"id": one.id, "state": one.state, "to": one.recipient, "subject": one.subject}
        shown |= {"attempts": one.attempts, "error": one.error}
        if as_json:
            click.echo(json.dumps(shown))
        else:
            click.echo("{id:>8}  {state:9}  {to:32}  {subject}  {error}".format(**shown).rstrip())
    health = queries.health(db.session)
    if not as_json:
        click.echo(f"{health.waiting} waiting, {health.failed} failed.")
    sys.exit(1 if health.failed else 0)


@mail.command("retry")
@click.argument("key", type=int, required=False)
@click.option("--all", "everything", is_flag=True, help="Every mail that failed.")
def retry(key: int | None, everything: bool) -> None:
    """Send a mail again, or all that failed.

    Example: flask mail retry 4711
    """
    if (key is None) != everything:
        raise click.UsageError("Name one mail, or --all.")
    failed = queries.mails(MailState.FAILED).order_by(OutboxMail.id)
    chosen = failed if everything else queries.mails().where(OutboxMail.id == key)
    done = _retry(db.session.scalars(chosen).all())
    click.echo(f"{done} on their way again.")
    sys.exit(0 if done or everything else 1)


@commits
def _retry(mails: Sequence[OutboxMail]) -> int:
    for one in mails:
        operations.retry(db.session, one)
    return len(mails)
