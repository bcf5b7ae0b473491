"""Signing in and out."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import PASSWORD, Cast
from tests.visitor import Visitor
from wholesale.accounts.models import SignInSession, User


def sign_in(
    client: FlaskClient, email: str, password: str = PASSWORD, url: str = "/sign-in", **more: str
) -> TestResponse:
    """Fill in the sign-in form as a person would."""
    page = client.get(url).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)', page)
    assert token is not None
    form = {"email": email, "password": password, "csrf_token": token[1], **more}
    return client.post(url, data=form)


def test_the_right_password_opens_the_dashboard(client: FlaskClient, cast: Cast):
    assert sign_in(client, "rep@house.example").location == "/"
    assert "Rita Rep" in client.get("/").text


def test_the_address_may_be_typed_in_any_case_and_with_spaces(client: FlaskClient, cast: Cast):
    assert sign_in(client, " Rep@HOUSE.example ").status_code == 303


def test_one_comes_back_to_where_one_was(client: FlaskClient, cast: Cast):
    answer = sign_in(client, "rep@house.example", url="/sign-in?next=/orders?q=a")
    assert answer.location == "/orders?q=a"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_there_is_no_way_out_of_the_site_by_next(client: FlaskClient, cast: Cast, target: str):
    answer = sign_in(client, "rep@house.example", url=f"/sign-in?next={target}")
    assert answer.location == "/"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("rep@house.example", "wrong"),
        ("nobody@house.example", PASSWORD),
        ("rep@house.example", "x" * 1024),
    ],
)
def test_wrong_credentials_get_one_answer_whatever_is_wrong(
    client: FlaskClient, cast: Cast, email: str, password: str
):
    answer = sign_in(client, email, password)
    assert answer.status_code == 422
    assert "E-mail and password do not belong together." in answer.text
    assert email in answer.text  # what was typed stays
    assert password not in answer.text


def test_a_disabled_user_does_not_get_in_and_is_out_at_once(
    client: FlaskClient, rep: Visitor, session: Session, cast: Cast
):
    session.get(User, cast.users["sales"]).is_active = False
    session.commit()
    assert sign_in(client, "rep@house.example").status_code == 422
    assert rep.get("/orders").status_code == 302


def test_empty_fields_are_named(client: FlaskClient, cast: Cast):
    answer = sign_in(client, "", "")
    assert "Enter your e-mail address." in answer.text
    assert "Enter your password." in answer.text


def test_the_session_gets_a_new_token_at_sign_in(client: FlaskClient, session: Session, cast: Cast):
    client.get("/sign-in")
    before = client.get_cookie("wholesale").value
    sign_in(client, "rep@house.example")
    assert client.get_cookie("wholesale").value != before
    assert session.query(SignInSession).filter_by(user_id=None).count() == 0


def test_the_database_holds_no_token_that_could_be_used(
    client: FlaskClient, session: Session, cast: Cast
):
    sign_in(client, "rep@house.example")
    token = client.get_cookie("wholesale").value.split(".")[0]
    row = session.query(SignInSession).one()
    assert token.encode() not in row.token_hash
    assert row.user_id == cast.users["sales"]


def test_staying_signed_in_keeps_the_cookie_after_the_browser_closes(
    client: FlaskClient, cast: Cast
):
    sign_in(client, "rep@house.example")
    assert client.get_cookie("wholesale").max_age is None
    sign_out(client)
    sign_in(client, "rep@house.example", remember="y")
    assert client.get_cookie("wholesale").max_age == 30 * 86400


def sign_out(client: FlaskClient) -> TestResponse:
    """Press the button in the person's menu."""
    token = re.search(r'name="csrf_token" value="([^"]+)', client.get("/").text)
    assert token is not None
    return client.post("/sign-out", data={"csrf_token": token[1]})


def test_signing_out_ends_the_session_for_good(client: FlaskClient, cast: Cast):
    sign_in(client, "rep@house.example")
    cookie = client.get_cookie("wholesale").value
    assert sign_out(client).location == "/sign-in"
    client.set_cookie("wholesale", cookie)
    assert client.get("/orders").status_code == 302


def test_a_cookie_signed_with_another_secret_is_worth_nothing(app: Flask, cast: Cast):
    client = app.test_client()
    client.set_cookie("wholesale", "c29tZXRoaW5n.c2lnbmF0dXJl")
    assert client.get("/orders").status_code == 302


def test_the_sixth_wrong_try_for_an_account_has_to_wait(
    client: FlaskClient, cast: Cast, capsys: pytest.CaptureFixture[str]
):
    for _ in range(5):
        assert sign_in(client, "rep@house.example", "wrong").status_code == 422
    answer = sign_in(client, "REP@house.example")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert "Too many tries" in answer.text
    assert "Rate limit exceeded" in capsys.readouterr().out


def test_each_try_is_logged_without_the_password(
    client: FlaskClient, cast: Cast, capsys: pytest.CaptureFixture[str]
):
    sign_in(client, "rep@house.example", "canary-password")
    sign_in(client, "rep@house.example")
    out = capsys.readouterr().out
    assert "[LocalAuth] Login attempt refused" in out
    assert "[LocalAuth] Login attempt accepted" in out
    assert "canary-password" not in out
    assert PASSWORD not in out
