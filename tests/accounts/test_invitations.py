"""Invitations: a link for 48 hours, once; resent, revoked, accepted by one person only."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.visitor import Visitor
from wholesale.accounts.models import Invitation, InvitationState, User
from wholesale.core.clock import now
from wholesale.mail.models import OutboxMail

GOOD = "lanterns over quiet harbours"
FORM = {"email": "New.Person@house.example", "name": "Nora New", "role": "sales"}


def link(session: Session) -> str:
    """Return the path of the link in the latest mail."""
    session.rollback()
    mail = session.query(OutboxMail).order_by(OutboxMail.id.desc()).first()
    found = re.search(r"https?://[^/]+(/\S+)", mail.body)
    assert found is not None
    return found[1]


def invited(visit: Callable[[str], Visitor], session: Session) -> str:
    """Let the admin invite somebody and return the link's path."""
    assert visit("admin").post("/admin/invitations", FORM).status_code == 303
    return link(session)


def test_an_invited_person_chooses_a_password_and_signs_in(
    visit: Callable[[str], Visitor], app: Flask, session: Session, cast: Cast
):
    path = invited(visit, session)
    guest = Visitor(app, session)
    assert "new.person@house.example" in guest.get(path).text
    answer = post_public(app, path, {"name": "Nora New", "password": GOOD})
    assert answer.location == "/sign-in"
    session.rollback()
    user = session.query(User).filter_by(email="new.person@house.example").one()
    assert (user.role, user.is_active, user.profile is not None) == ("sales", True, True)
    assert session.query(Invitation).one().state is InvitationState.ACCEPTED


def post_public(app: Flask, path: str, form: dict[str, str]):
    """Fill in a page that needs no sign-in, as a browser would."""
    client = app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)', client.get(path).text)
    return client.post(path, data=form | {"csrf_token": token[1] if token else ""})


def test_the_database_keeps_no_token_that_could_be_used(
    visit: Callable[[str], Visitor], session: Session
):
    token = invited(visit, session).rsplit("/", 1)[1]
    assert token.encode() not in session.query(Invitation).one().token_hash


def test_resending_makes_a_new_link_and_kills_the_old(
    visit: Callable[[str], Visitor], app: Flask, session: Session, cast: Cast
):
    old = invited(visit, session)
    key = session.query(Invitation).one().id
    answer = visit("admin").post(f"/api/invitations/resend/{key}")
    assert answer.json["status"] == "ok"
    assert app.test_client().get(old).status_code == 404
    assert app.test_client().get(link(session)).status_code == 200


@pytest.mark.parametrize(("column", "word"), [("expires_at", "expired"), ("revoked_at", "revoked")])
def test_a_link_that_ran_out_or_was_revoked_says_so(
    visit: Callable[[str], Visitor],
    app: Flask,
    session: Session,
    column: str,
    word: str,
):
    path = invited(visit, session)
    session.execute(update(Invitation).values({column: now() - timedelta(hours=1)}))
    session.commit()
    assert f"This invitation is {word}" in app.test_client().get(path).text
    assert session.query(User).filter_by(email="new.person@house.example").count() == 0


def test_opening_the_link_changes_nothing(
    visit: Callable[[str], Visitor], app: Flask, session: Session
):
    path = invited(visit, session)
    for _ in range(2):
        app.test_client().get(path)
    assert session.query(Invitation).one().state is InvitationState.PENDING


def test_two_browsers_at_once_make_one_account(
    visit: Callable[[str], Visitor], app: Flask, session: Session
):
    path = invited(visit, session)
    form = {"name": "Nora", "password": GOOD}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: post_public(app, path, form).status_code, range(4)))
    assert answers.count(303) == 1
    assert all(status in (303, 400, 409) for status in answers)
    assert session.query(User).filter_by(email="new.person@house.example").count() == 1


@pytest.mark.parametrize(
    ("password", "advice"),
    [
        ("short", "at least 12 characters"),
        ("passwordpassword", "guess"),
        ("qwertyuiop123", "."),
        ("x" * 1_000_000, "128 characters"),
        ("", "Choose a password"),
    ],
)
def test_a_weak_password_gets_advice(
    visit: Callable[[str], Visitor], app: Flask, session: Session, password: str, advice: str
):
    path = invited(visit, session)
    answer = post_public(app, path, {"name": "Nora", "password": password})
    assert answer.status_code == 422
    error = re.search(r'id="password-error">(.*?)</p>', answer.text, re.S)
    assert error is not None
    assert advice in error[1]


@pytest.mark.parametrize(
    "email",
    ["REP@house.example", "ｒｅｐ@house.example", "rеp@house.example", "no-address", "a@b@c"],
)
def test_an_address_that_is_taken_looks_like_another_or_is_none_is_refused(
    visit: Callable[[str], Visitor], session: Session, cast: Cast, email: str
):
    answer = visit("admin").post("/admin/invitations", FORM | {"email": email})
    assert answer.status_code == 422
    assert session.query(Invitation).count() == 0


def test_a_second_invitation_of_one_address_is_refused(
    visit: Callable[[str], Visitor], session: Session
):
    invited(visit, session)
    answer = visit("admin").post("/admin/invitations", FORM)
    assert answer.status_code == 422
    assert "open invitation" in answer.text


def test_revoking_an_accepted_invitation_is_refused(
    visit: Callable[[str], Visitor], app: Flask, session: Session
):
    path = invited(visit, session)
    post_public(app, path, {"name": "Nora", "password": GOOD})
    key = session.query(Invitation).one().id
    assert visit("admin").post(f"/admin/invitations/{key}/revocation").status_code == 409
