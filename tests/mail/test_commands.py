"""``flask mail`` as an operator uses it: trying the service, looking, sending again."""

import json

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from tests.standins.sendgrid import KEY, SendGrid
from tests.standins.server import Reply
from wholesale.audit.models import AuditEntry
from wholesale.mail.commands import mail as group
from wholesale.mail.models import OutboxMail
from wholesale.mail.operations import write_mail


@pytest.fixture
def failed(app: Flask, session: Session) -> OutboxMail:
    """A mail that the service refused."""
    with app.app_context():
        mail = write_mail(session, "a@b.example", "password_reset", url="/", user={"name": "Ana"})
    mail.state, mail.error = "failed", "400: bad address"
    session.commit()
    return mail


def flask_mail(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(group, words)


def test_a_test_mail_goes_out_at_once(app: Flask, sendgrid: SendGrid):
    done = flask_mail(app, "test", "me@example.com")
    assert done.exit_code == 0
    assert "SendGrid took it for me@example.com (id-1)." in done.output
    assert sendgrid.mails[0]["subject"] == "WholesaleOS: a test"


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (SendGrid.refusal(401, "authorization revoked"), "401: authorization revoked"),
        (Reply(cut=True), "No answer"),
    ],
)
def test_a_test_mail_that_is_refused_says_why(
    app: Flask, sendgrid: SendGrid, reply: Reply, words: str
):
    sendgrid.fail(reply)
    done = flask_mail(app, "test", "me@example.com")
    assert done.exit_code == 1
    assert words in done.output
    assert KEY not in done.output


def test_without_a_service_the_test_says_so(app: Flask):
    done = flask_mail(app, "test", "me@example.com")
    assert done.exit_code == 1
    assert "SENDGRID_API_KEY is not set" in done.output


def test_what_failed_is_listed_and_sent_again(app: Flask, session: Session, failed: OutboxMail):
    done = flask_mail(app, "list", "--state", "failed")
    assert done.exit_code == 1
    assert "400: bad address" in done.output
    assert "1 failed." in done.output
    lines = flask_mail(app, "list", "--json").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [failed.id]
    assert flask_mail(app, "retry", str(failed.id)).exit_code == 0
    session.refresh(failed)
    assert (failed.state, failed.error) == ("waiting", "")
    entry = session.query(AuditEntry).filter_by(entity="mails", entity_id=str(failed.id)).one()
    assert entry.actor.startswith("command line (")
    again = flask_mail(app, "retry", str(failed.id))
    assert again.exit_code == 1
    assert "there is nothing to repeat" in again.output
    assert flask_mail(app, "retry", "999999").exit_code == 1
    assert flask_mail(app, "retry").exit_code == 2
    assert "0 on their way again." in flask_mail(app, "retry", "--all").output


def test_a_notice_of_maintenance_can_be_written(app: Flask, session: Session):
    with app.app_context():
        mail = write_mail(
            session,
            "a@b.example",
            "maintenance_notice",
            person={"name": "Ana"},
            start="Saturday, 22:00",
            end="23:00",
            reason="The database moves.",
        )
    assert mail.subject == "WholesaleOS can only be read from Saturday, 22:00"
    assert "can be read but not written: The database moves." in mail.body
