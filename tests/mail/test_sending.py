"""Mails go out once their change is there; what goes wrong is seen, and nothing is lost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.conftest import Work
from tests.standins.sendgrid import SendGrid
from tests.standins.server import Reply
from tests.visitor import Visitor
from wholesale.config import ROOT
from wholesale.jobs.queue import defer
from wholesale.mail.models import BouncedAddress, MailEvent, OutboxMail
from wholesale.mail.operations import mark_bounced, write_mail

Visit = Callable[[str], Visitor]
RESET = "Choose a new password for WholesaleOS"


@pytest.fixture
def written(app: Flask, session: Session, visit: Visit) -> Callable[[], OutboxMail]:
    """Return a call that has a person ask for a new password, and gives the mail."""

    def ask() -> OutboxMail:
        visit("sales").post("/forgot-password", {"email": "rep@house.example"})
        session.rollback()
        return session.query(OutboxMail).order_by(OutboxMail.id.desc()).first()

    return ask


def due(session: Session) -> None:
    session.execute(text("UPDATE procrastinate.procrastinate_jobs SET scheduled_at = now()"))
    session.commit()


def test_a_mail_is_sent_as_text_and_html_and_says_so(
    sendgrid: SendGrid, written: Callable[[], OutboxMail], session: Session, work: Work
):
    mail = written()
    assert mail.state == "waiting"
    assert work() == 1
    session.refresh(mail)
    assert (mail.state, mail.service_id, mail.attempts, mail.error) == ("sent", "id-1", 1, "")
    sent = sendgrid.mails[0]
    assert sent["personalizations"][0]["to"] == [{"email": "rep@house.example"}]
    assert sent["subject"] == RESET
    kinds = {part["type"]: part["value"] for part in sent["content"]}
    assert "/reset-password/" in kinds["text/plain"]
    assert "<h1" in kinds["text/html"]
    assert 'href="http' in kinds["text/html"]
    assert sent["custom_args"] == {"mail_id": str(mail.id)}
    assert sent["tracking_settings"]["click_tracking"]["enable"] is False


def test_without_a_service_it_is_kept_and_the_page_says_so(
    written: Callable[[], OutboxMail], session: Session, work: Work, visit: Visit
):
    mail = written()
    work()
    session.refresh(mail)
    assert mail.state == "kept"
    admin = visit("admin")
    assert "No mail service is connected" in admin.get("/admin/mail").text
    assert "/reset-password/" in admin.get(f"/admin/mail/{mail.id}").text


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (SendGrid.refusal(429, "too many requests"), "429: too many requests"),
        (Reply(500, b"<html>oh</html>"), "500: <html>oh</html>"),
        (SendGrid.refusal(401, "authorization revoked"), "401: authorization revoked"),
    ],
)
def test_trouble_is_shown_in_the_services_words_and_tried_again(
    sendgrid: SendGrid,
    written: Callable[[], OutboxMail],
    session: Session,
    work: Work,
    visit: Visit,
    reply: Reply,
    words: str,
):
    mail = written()
    sendgrid.fail(reply)
    work()
    session.refresh(mail)
    assert (mail.state, mail.attempts) == ("waiting", 1)
    assert words in mail.error
    assert words.split("<", maxsplit=1)[0] in visit("admin").get("/admin/mail").text
    due(session)
    work()
    session.refresh(mail)
    assert (mail.state, mail.attempts, mail.error) == ("sent", 2, "")
    assert len(sendgrid.mails) == 1


def test_what_is_refused_for_good_fails_at_once_and_is_sent_again_by_hand(
    sendgrid: SendGrid,
    written: Callable[[], OutboxMail],
    session: Session,
    work: Work,
    visit: Visit,
):
    mail = written()
    sendgrid.fail(SendGrid.refusal(400, "Does not contain a valid address."))
    work()
    session.refresh(mail)
    assert (mail.state, mail.error) == ("failed", "400: Does not contain a valid address.")
    admin = visit("admin")
    assert admin.post(f"/admin/mail/{mail.id}/retry").status_code == 303
    assert admin.post(f"/admin/mail/{mail.id}/retry").status_code == 409  # a double click
    work()
    session.refresh(mail)
    assert mail.state == "sent"
    assert len(sendgrid.mails) == 1


def test_after_the_last_attempt_it_has_failed(
    sendgrid: SendGrid, written: Callable[[], OutboxMail], session: Session, work: Work
):
    mail = written()
    sendgrid.fail(*[Reply(503) for _ in range(6)])
    for _ in range(6):
        due(session)
        work()
    session.refresh(mail)
    assert (mail.state, mail.attempts) == ("failed", 6)


def test_a_mail_whose_answer_never_came_may_have_arrived(
    sendgrid: SendGrid, written: Callable[[], OutboxMail], session: Session, work: Work
):
    mail = written()
    sendgrid.fail(Reply(cut=True))
    work()
    due(session)
    work()
    session.refresh(mail)
    assert (mail.state, mail.is_doubtful) == ("sent", True)


def test_two_jobs_for_one_mail_send_it_once(
    sendgrid: SendGrid, written: Callable[[], OutboxMail], session: Session, work: Work
):
    mail = written()
    job = text("SELECT id FROM procrastinate.procrastinate_jobs WHERE task_name = 'mail.send'")
    copy = text("SELECT lock FROM procrastinate.procrastinate_jobs WHERE id = :key")
    assert session.scalar(copy, {"key": session.scalar(job)}) == f"mail {mail.id}"
    defer(session, "mail.send", lock=f"mail {mail.id}", mail_id=mail.id)
    session.commit()
    assert work() == 2
    assert len(sendgrid.mails) == 1


def test_a_mail_whose_job_was_cancelled_is_sent_again_by_hand(
    sendgrid: SendGrid,
    written: Callable[[], OutboxMail],
    session: Session,
    work: Work,
    visit: Visit,
):
    mail = written()
    admin = visit("admin")
    assert admin.post(f"/admin/mail/{mail.id}/retry").status_code == 409  # its job will come
    session.execute(text("UPDATE procrastinate.procrastinate_jobs SET status = 'cancelled'"))
    session.commit()
    assert "Send again" in admin.get(f"/admin/mail/{mail.id}").text
    assert admin.post(f"/admin/mail/{mail.id}/retry").status_code == 303
    work()
    session.refresh(mail)
    assert mail.state == "sent"


def test_only_our_own_address_becomes_a_button(app: Flask, session: Session):
    person, evil = {"name": "Ana"}, "ok\n\nhttps://evil.example/login"
    known = {"text": "Q-1 was accepted", "url": "http://house.example/quotes/Q-1"}
    with app.app_context():
        mail = write_mail(
            session, "a@b.example", "quote_accepted", person=person, remark=evil, **known
        )
    assert 'href="http://house.example/quotes/Q-1"' in mail.html
    assert 'href="https://evil' not in mail.html
    assert mail.body.endswith("\n\nhttp://house.example/quotes/Q-1")


KILLED = """
import sys, time
from wholesale import create_app
from wholesale.config import Settings
from wholesale.jobs.worker import work
from wholesale.mail.service import MailService
url, host = sys.argv[1:]
settings = Settings(app_env="test", database_url=url, session_secret="s",
    sendgrid_api_key="SG.test", sendgrid_host=host, mail_from="us@house.example")
work(create_app(settings), comes_by_itself=False)
"""


def test_a_crash_between_sending_and_noting_is_seen(
    sendgrid: SendGrid,
    written: Callable[[], OutboxMail],
    session: Session,
    work: Work,
    visit: Visit,
    database_url: str,
):
    mail = written()
    sendgrid.fail(Reply(202, delay=30))
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, database_url, sendgrid.url],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    while not sendgrid.calls:
        assert process.poll() is None
        time.sleep(0.01)  # leaves the processor to the other
    process.send_signal(signal.SIGKILL)
    process.wait()
    session.refresh(mail)
    assert mail.state == "sending"
    session.execute(text("UPDATE procrastinate.procrastinate_jobs SET status = 'todo'"))
    session.commit()
    work()
    session.refresh(mail)
    assert (mail.state, mail.is_doubtful) == ("sent", True)
    admin = visit("admin")
    assert "Maybe twice" in admin.get("/admin/mail").text
    assert "it may have arrived twice" in admin.get(f"/admin/mail/{mail.id}").text


def test_a_link_that_opens_something_is_hidden_from_who_may_only_look_and_once_it_is_sent(
    sendgrid: SendGrid,
    written: Callable[[], OutboxMail],
    work: Work,
    visit: Visit,
):
    mail = written()
    admin = visit("admin")
    assert "/reset-password/" in admin.get(f"/admin/mail/{mail.id}").text
    work()
    page = admin.get(f"/admin/mail/{mail.id}").text
    assert "/reset-password/" not in page
    assert "so it is not shown: it was sent" in page


def test_nothing_goes_to_an_address_that_bounced_until_it_is_freed(
    sendgrid: SendGrid,
    written: Callable[[], OutboxMail],
    session: Session,
    work: Work,
    visit: Visit,
):
    mark_bounced(session, "REP@house.example", "550 no such user")
    session.commit()
    mail = written()
    work()
    session.refresh(mail)
    assert (mail.state, sendgrid.mails) == ("failed", [])
    admin = visit("admin")
    assert "Nothing is sent to rep@house.example" in admin.get(f"/admin/mail/{mail.id}").text
    admin.post(f"/admin/mail/{mail.id}/free")
    admin.post(f"/admin/mail/{mail.id}/retry")
    work()
    assert len(sendgrid.mails) == 1


class TestWhatTheServiceTells:
    @pytest.fixture
    def sent(
        self, sendgrid: SendGrid, written: Callable[[], OutboxMail], work: Work, session: Session
    ) -> OutboxMail:
        mail = written()
        work()
        session.refresh(mail)
        return mail

    def event(self, mail: OutboxMail, kind: str, **more: str) -> dict[str, object]:
        known = {
            "sg_event_id": f"e-{kind}",
            "email": "rep@house.example",
            "timestamp": 1_790_000_000,
        }
        return known | {"event": kind, "mail_id": str(mail.id)} | more

    def test_delivered(self, app, sendgrid: SendGrid, sent: OutboxMail, session: Session):
        told = sendgrid.told(self.event(sent, "delivered"))
        assert app.test_client().post("/webhooks/sendgrid", **told).status_code == 204
        session.refresh(sent)
        assert sent.state == "delivered"

    def test_a_bounce_marks_mail_and_address_once(
        self, app, sendgrid: SendGrid, sent: OutboxMail, session: Session, visit: Visit
    ):
        bounce = self.event(sent, "bounce", reason="550 5.1.1 no such user")
        late = self.event(sent, "delivered")
        for told in (sendgrid.told(bounce), sendgrid.told(bounce, late)):
            assert app.test_client().post("/webhooks/sendgrid", **told).status_code == 204
        session.refresh(sent)
        assert (sent.state, sent.error) == ("bounced", "550 5.1.1 no such user")
        assert session.query(MailEvent).count() == 2
        assert session.query(BouncedAddress).one().address == "rep@house.example"
        page = visit("admin").get(f"/admin/users/{user_of(session)}").text
        assert "Mail to this address bounced: 550 5.1.1 no such user" in page

    def test_a_block_that_may_pass_closes_no_address(
        self, app, sendgrid: SendGrid, sent: OutboxMail, session: Session
    ):
        told = sendgrid.told(self.event(sent, "bounce", type="blocked", reason="mailbox full"))
        assert app.test_client().post("/webhooks/sendgrid", **told).status_code == 204
        session.refresh(sent)
        assert (sent.state, sent.error) == ("bounced", "mailbox full")
        assert session.query(BouncedAddress).count() == 0

    def test_a_bad_signature_a_replay_and_no_key_are_refused(
        self, app, sendgrid: SendGrid, sent: OutboxMail, session: Session
    ):
        client = app.test_client()
        forged = sendgrid.told(self.event(sent, "bounce"))
        forged["data"] = forged["data"].replace("bounce", "delivered")
        old = sendgrid.told(self.event(sent, "bounce"), age=3600)
        bare = {"data": "[]", "headers": {"Content-Type": "application/json"}}
        for told in (forged, old, bare):
            assert client.post("/webhooks/sendgrid", **told).status_code == 400
        app.config["SENDGRID_WEBHOOK_KEY"] = None
        told = sendgrid.told(self.event(sent, "bounce"))
        assert client.post("/webhooks/sendgrid", **told).status_code == 400
        session.refresh(sent)
        assert sent.state == "sent"

    def test_garbage_is_left_out(self, app, sendgrid: SendGrid, session: Session):
        odd = [{"event": 5}, {}, {"sg_event_id": "x", "event": "bounce", "email": "a@b.example",
               "mail_id": "none", "timestamp": "soon"}]  # fmt: skip
        assert (
            app.test_client().post("/webhooks/sendgrid", **sendgrid.told(*odd)).status_code == 204
        )
        assert session.query(MailEvent).one().mail_id is None


def user_of(session: Session) -> int:
    return session.scalar(text("SELECT id FROM users WHERE email = 'rep@house.example'"))


def test_a_mail_of_a_change_that_is_taken_back_does_not_exist(app: Flask, session: Session):
    with app.app_context():
        write_mail(session, "a@b.example", "password_reset", url="/", user={"name": "Ana"})
    session.rollback()
    assert session.query(OutboxMail).count() == 0
