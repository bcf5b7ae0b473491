"""People are told what concerns them, once, by the ways and at the hours that they chose."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.visitor import Visitor, hx
from wholesale.accounts.models import SignInSession, User
from wholesale.core.clock import now, today
from wholesale.customers.models import Activity, Contact, Organization
from wholesale.customers.tasks import remind as remind_of_steps
from wholesale.mail.models import OutboxMail
from wholesale.notifications.models import Notification
from wholesale.notifications.operations import send_digests
from wholesale.notifications.preferences import Preferences
from wholesale.orders.models import Order
from wholesale.quotes.models import Quote
from wholesale.quotes.tasks import remind as remind_of_quotes

Visit = Callable[[str], Visitor]
NEW_YORK = ZoneInfo("America/New_York")


def told(session: Session) -> list[tuple[int, str]]:
    session.rollback()
    found = session.query(Notification).order_by(Notification.id)
    return [(one.user_id, one.text) for one in found]


def mails(session: Session) -> list[tuple[str, str]]:
    session.rollback()
    return [(m.recipient, m.subject) for m in session.query(OutboxMail).order_by(OutboxMail.id)]


def wish(session: Session, cast: Cast, **wishes: object) -> None:
    person = session.get_one(User, cast.users["sales"])
    person.preferences = person.preferences | wishes
    session.commit()


def moved(visit: Visit, session: Session, placed: str, who: str = "ops") -> None:
    """Have ``who`` ask for the sizes of the rep's order."""
    order = session.query(Order).filter_by(code=placed).one()
    contact = session.query(Contact).filter_by(organization_id=order.organization_id).first()
    assert contact is not None
    contact.email = "coach@wolverton.example"
    order.contact_id = contact.id
    session.commit()
    step = {"step": "ask_sizes", "seen": "new"}
    assert visit(who).post(f"/orders/{placed}/transitions", step).status_code == 303


def test_the_salesperson_is_told_of_a_step_by_somebody_else_in_the_app_and_by_mail(
    visit: Visit, session: Session, placed: str, cast: Cast
):
    moved(visit, session, placed)
    words = f"{placed} (Wolverton Wrestling Club) is waiting for sizes"
    assert [text for _, text in told(session)] == [words]
    assert ("rep@house.example", words) in mails(session)
    rep = visit("sales")
    bell = rep.get("/notifications/bell", headers=hx("bell-slot")).text
    assert 'aria-label="Notifications, 1 unread"' in bell
    page = rep.get("/notifications").text
    assert words in page
    key = session.query(Notification).one().id
    assert rep.post(f"/notifications/{key}/open").location == f"/orders/{placed}"
    assert "unread" not in rep.get("/notifications/bell", headers=hx("bell-slot")).text


def test_ones_own_steps_are_no_news_and_the_customer_is_asked_for_sizes(
    visit: Visit, session: Session, placed: str
):
    moved(visit, session, placed, who="sales")
    assert told(session) == []
    assert mails(session) == [("coach@wolverton.example", f"Sizes wanted for your order {placed}")]
    assert "Home jersey" in session.query(OutboxMail).one().body


@pytest.mark.parametrize(
    ("ways", "in_app", "by_mail"), [(["app"], 1, 0), (["mail"], 0, 1), ([], 0, 0)]
)
def test_only_the_chosen_ways_are_used(
    visit: Visit, session: Session, placed: str, cast: Cast, ways, in_app: int, by_mail: int
):
    wish(session, cast, notifications={"order_status": ways})
    moved(visit, session, placed)
    shown = session.query(Notification).filter_by(is_shown=True).count()
    mailed = [mail for mail in mails(session) if mail[0] == "rep@house.example"]
    assert (shown, len(mailed)) == (in_app, by_mail)


def test_with_one_mail_a_day_news_wait_for_its_hour(
    app: Flask, visit: Visit, session: Session, placed: str, cast: Cast
):
    soon = (datetime.now(NEW_YORK) + timedelta(hours=1)).strftime("%H:%M")
    wish(session, cast, digest=soon)
    moved(visit, session, placed)
    assert [mail for mail in mails(session) if mail[0] == "rep@house.example"] == []
    with app.app_context():
        assert send_digests(session) == 0
        yesterday = text("UPDATE notifications SET created_at = now() - interval '1 day'")
        session.execute(yesterday)
        assert send_digests(session) == 1
        session.commit()
        assert send_digests(session) == 0
    assert mails(session)[-1] == ("rep@house.example", "1 thing since yesterday")
    assert f"/orders/{placed}" in session.query(OutboxMail).filter_by(template="digest").one().body


@pytest.mark.parametrize(
    ("at", "end"),
    [
        (datetime(2026, 11, 26, 23, 0), datetime(2026, 11, 27, 7, 0)),
        (datetime(2026, 11, 26, 6, 59), datetime(2026, 11, 26, 7, 0)),
        (datetime(2026, 11, 26, 7, 0), None),
        (datetime(2026, 11, 26, 12, 0), None),
    ],
)
def test_quiet_hours_reach_over_midnight(at: datetime, end: datetime | None):
    quiet = (time(22), time(7))
    wishes = Preferences({}, NEW_YORK, quiet=quiet)
    expected = end.replace(tzinfo=NEW_YORK) if end else None
    assert wishes.earliest(at.replace(tzinfo=NEW_YORK).astimezone(UTC)) == expected


def test_a_mail_in_quiet_hours_waits_for_their_end(
    visit: Visit, session: Session, placed: str, cast: Cast
):
    local = datetime.now(NEW_YORK)
    start, end = (local + timedelta(hours=h) for h in (-1, 1))
    wish(session, cast, quiet_from=f"{start:%H:%M}", quiet_until=f"{end:%H:%M}")
    moved(visit, session, placed)
    job = text(
        "SELECT max(scheduled_at) FROM procrastinate.procrastinate_jobs"
        " WHERE task_name = 'mail.send'"
    )
    assert session.scalar(job) > now() + timedelta(minutes=50)


def test_the_times_are_chosen_in_the_account_and_both_ends_are_wanted(
    rep: Visitor, session: Session, cast: Cast
):
    form = {"digest": "09:00", "quiet_from": "22:00", "quiet_until": "07:00", "task.app": "1"}
    assert rep.post("/account/notifications", form).status_code == 303
    kept = session.get_one(User, cast.users["sales"]).preferences
    assert (kept["digest"], kept["quiet_from"], kept["quiet_until"]) == ("09:00", "22:00", "07:00")
    page = rep.get("/account").text
    assert 'value="22:00"' in page
    refused = rep.post("/account/notifications", {"quiet_from": "22:00", "quiet_until": ""})
    assert refused.status_code == 422
    assert "Enter both ends, or none." in refused.text
    odd = rep.post("/account/notifications", {"digest": "soon"})
    assert odd.status_code == 422
    assert 'value="soon"' in odd.text


def test_a_step_is_reminded_of_once_on_its_day(app: Flask, session: Session, cast: Cast):
    for days, body in ((0, "Call the coach"), (30, "Later")):
        step = Activity(organization_id=cast.organization, kind="call", body=body)
        step.author_id, step.follow_up_on = cast.users["sales"], today() + timedelta(days=days - 1)
        session.add(step)
    session.commit()
    with app.app_context():
        remind_of_steps(session)
        remind_of_steps(session)
        session.commit()
    assert [text for _, text in told(session)] == ["Follow up: Call the coach"]
    assert session.query(Notification).one().path == f"/organizations/{cast.organization}"


def test_nobody_is_reminded_of_what_is_put_away_not_theirs_or_long_past(
    app: Flask, session: Session, cast: Cast
):
    customer = session.get_one(Organization, cast.organization)
    for author, organization, days in (
        ("sales", cast.organization, 0),  # archived below
        ("manufacturer", cast.other_organization, 0),  # may not see customers
        ("sales2", cast.other_organization, 300),
    ):
        step = Activity(organization_id=organization, kind="call", body="Call")
        step.author_id, step.follow_up_on = cast.users[author], today() - timedelta(days=days + 1)
        session.add(step)
    customer.archived_at = now()
    session.commit()
    with app.app_context():
        remind_of_steps(session)
        session.commit()
    assert told(session) == []


def test_an_offer_about_to_end_is_told_once(app: Flask, session: Session, cast: Cast):
    quote = Quote(code="Q-1", organization_id=cast.organization, status="sent")
    quote.salesperson_id, quote.valid_until = cast.users["sales"], today() + timedelta(days=1)
    quote.sent_at = now()
    session.add(quote)
    session.commit()
    with app.app_context():
        remind_of_quotes(session)
        remind_of_quotes(session)
        session.commit()
    assert len(told(session)) == 1
    assert "Q-1 (Wolverton Wrestling Club) ends on" in told(session)[0][1]


def test_nobody_opens_anybody_elses(visit: Visit, session: Session, placed: str):
    moved(visit, session, placed)
    key = session.query(Notification).one().id
    assert visit("sales2").post(f"/notifications/{key}/open").status_code == 404
    assert session.query(Notification).one().read_at is None


def test_all_are_read_at_once(visit: Visit, session: Session, placed: str, rep: Visitor):
    moved(visit, session, placed)
    assert rep.post("/notifications/read").status_code == 303
    assert "Mark all as read" not in rep.get("/notifications").text


def test_the_bell_keeps_no_session_alive_and_asks_nobody_to_sign_in(
    app: Flask, rep: Visitor, session: Session
):
    rep.get("/notifications")
    old = text("UPDATE sessions SET seen_at = seen_at - interval '1 hour'")
    session.execute(old)
    session.commit()
    before = session.query(SignInSession.expires_at).all()
    assert rep.get("/notifications/bell", headers=hx("bell-slot")).status_code == 200
    session.rollback()
    assert session.query(SignInSession.expires_at).all() == before
    assert app.test_client().get("/notifications/bell").status_code == 204


def test_who_is_disabled_is_told_nothing(visit: Visit, session: Session, placed: str, cast: Cast):
    session.get_one(User, cast.users["sales"]).is_active = False
    session.commit()
    moved(visit, session, placed)
    assert told(session) == []
