"""New passwords: by a link, by oneself; other sessions end; nothing tells who has an account."""

import re
import time
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.accounts.test_invitations import GOOD, link, post_public
from tests.accounts.test_sign_in import sign_in
from tests.cast import PASSWORD, Cast
from tests.visitor import Visitor
from wholesale.accounts.models import PasswordReset, SignInSession, User
from wholesale.accounts.passwords import DECOY, HASHER, is_correct, is_outdated
from wholesale.core.clock import now
from wholesale.mail.models import OutboxMail


def asked(app: Flask, email: str):
    """Ask for a new password and return the answer."""
    return post_public(app, "/forgot-password", {"email": email})


def test_a_link_sets_a_new_password_once_and_ends_all_sessions(
    app: Flask, rep: Visitor, session: Session, cast: Cast
):
    asked(app, "Rep@house.example")
    path = link(session)
    assert post_public(app, path, {"password": GOOD}).location == "/sign-in"
    assert rep.get("/orders").status_code == 302
    assert sign_in(app.test_client(), "rep@house.example", GOOD).status_code == 303
    assert sign_in(app.test_client(), "rep@house.example", PASSWORD).status_code == 422
    assert app.test_client().get(path).status_code == 404


def test_an_hour_later_the_link_is_dead(app: Flask, session: Session, cast: Cast):
    asked(app, "rep@house.example")
    path = link(session)
    session.execute(update(PasswordReset).values(expires_at=now()))
    session.commit()
    answer = app.test_client().get(path)
    assert answer.status_code == 404
    assert "run out" in answer.text


@pytest.mark.parametrize("token", ["x", "x" * 5000, "%00", "../admin"])
def test_a_forged_link_is_nothing(app: Flask, cast: Cast, token: str):
    assert app.test_client().get(f"/reset-password/{token}").status_code in (302, 404)


def test_the_answer_is_the_same_whether_there_is_an_account_or_not(
    app: Flask, session: Session, cast: Cast
):
    pages, times = [], []
    for email in ("rep@house.example", "nobody@house.example"):
        start = time.monotonic()
        page = asked(app, email).text
        times.append(time.monotonic() - start)
        pages.append(re.sub(r"csrf|value=\S+|request \S+", "", page))
    assert pages[0] == pages[1]
    assert min(times) >= 0.25
    assert session.query(OutboxMail).count() == 1


def test_a_disabled_user_gets_no_link(app: Flask, session: Session, cast: Cast):
    session.get(User, cast.users["sales"]).is_active = False
    session.commit()
    asked(app, "rep@house.example")
    assert session.query(OutboxMail).count() == 0


def test_one_changes_ones_own_password_and_other_devices_are_signed_out(
    visit: Callable[[str], Visitor], session: Session
):
    here, elsewhere = visit("sales"), visit("sales")
    form = {"present": PASSWORD, "password": GOOD}
    assert here.post("/account/password", form).status_code == 303
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_the_present_password_has_to_be_right(rep: Visitor):
    answer = rep.post("/account/password", {"present": "wrong", "password": GOOD})
    assert answer.status_code == 422
    assert "not your present password" in answer.text


def test_a_hash_of_older_parameters_is_renewed_at_sign_in(app: Flask, session: Session, cast: Cast):
    old = type(HASHER)(time_cost=1).hash(PASSWORD)
    session.get(User, cast.users["sales"]).password_hash = old
    session.commit()
    sign_in(app.test_client(), "rep@house.example")
    session.rollback()
    assert session.get(User, cast.users["sales"]).password_hash != old


def test_the_account_page_lists_devices_and_ends_one(
    visit: Callable[[str], Visitor], session: Session, cast: Cast
):
    here, elsewhere = visit("sales"), visit("sales")
    elsewhere.get("/", headers={"User-Agent": "Mozilla/5.0 (iPhone) Safari/600"})
    session.execute(update(SignInSession).values(user_agent="Mozilla (Windows) Chrome/1"))
    session.commit()
    assert here.get("/account").text.count("Chrome on Windows") >= 2
    last = session.query(SignInSession).order_by(SignInSession.id.desc()).first()
    here.post(f"/account/sessions/{last.id}/end")
    assert elsewhere.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


def test_nobody_ends_somebody_elses_session(visit: Callable[[str], Visitor], session: Session):
    visit("admin")
    theirs = session.query(SignInSession).one().id
    visit("sales").post(f"/account/sessions/{theirs}/end")
    assert session.query(SignInSession).filter_by(id=theirs).count() == 1


def test_the_profile_is_saved_and_used(rep: Visitor, session: Session, cast: Cast):
    form = {"name": "Rita R.", "phone": "1", "time_zone": "Europe/Berlin", "theme": "dark"}
    answer = rep.post("/account", form)
    assert "theme=dark" in answer.headers["Set-Cookie"]
    user = session.get(User, cast.users["sales"])
    assert (user.name, user.time_zone) == ("Rita R.", "Europe/Berlin")
    assert rep.post("/account", form | {"time_zone": "Mars/Base"}).status_code == 422


def test_notification_choices_are_kept(rep: Visitor, session: Session, cast: Cast):
    rep.post("/account/notifications", {"task.mail": "1"})
    chosen = session.get(User, cast.users["sales"]).preferences["notifications"]
    assert chosen["task"] == ["mail"]
    assert chosen["payment"] == []


def test_the_hash_for_unknown_accounts_takes_as_long_as_a_new_one():
    assert not is_outdated(DECOY)
    assert not is_correct("no account has this password", None)
