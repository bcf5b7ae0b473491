"""What came up in use: scopes, hosts, tokens in logs, proxies, races; each stays right."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.accounts.test_invitations import FORM, GOOD, link, post_public
from tests.accounts.test_passwords import asked
from tests.accounts.test_sign_in import sign_in
from tests.cast import PASSWORD, Cast
from tests.visitor import Visitor
from wholesale import create_app
from wholesale.access.models import UserPermission
from wholesale.accounts.models import User
from wholesale.audit.models import AuditEntry
from wholesale.config import Settings
from wholesale.mail.models import OutboxMail


@pytest.mark.parametrize("permission", ["users:write", "audit:read", "catalog:read", "roles:read"])
def test_a_scope_that_means_nothing_is_not_granted_and_reaches_nothing(
    visit: Callable[[str], Visitor], session: Session, cast: Cast, permission: str
):
    url = f"/admin/users/{cast.users['sales']}/exceptions"
    answer = visit("admin").post(url, {"permission": permission, "scope": "own"})
    assert answer.status_code == 422
    resource, action = permission.split(":")
    key = {"user_id": cast.users["sales"], "resource": resource, "action": action}
    session.add(UserPermission(scope="own", **key))
    session.commit()
    page = {"users": "/admin/users", "audit": "/admin/audit", "catalog": "/products"}
    assert visit("sales").get(page.get(resource, "/admin/permissions")).status_code == 403


@pytest.mark.parametrize(("scope", "seen"), [("none", False), ("own", False), ("all", True)])
def test_contacts_are_shown_within_their_scope_wherever_they_stand(
    visit: Callable[[str], Visitor], session: Session, cast: Cast, scope: str, seen: bool
):
    key = {"user_id": cast.users["sales2"], "resource": "contacts", "action": "read"}
    session.add(UserPermission(scope=scope, **key))
    session.commit()
    rival = visit("sales2")
    assert ("Coach Carter" in rival.get(f"/organizations/{cast.organization}").text) is seen
    assert ("Coach Carter" in rival.get("/contacts").text) is seen


def test_an_admin_cannot_be_stripped_by_exceptions(visit: Callable[[str], Visitor], cast: Cast):
    url = f"/admin/users/{cast.users['admin']}/exceptions"
    for permission in ("roles:write", "users:write", "settings:read"):
        answer = visit("admin").post(url, {"permission": permission, "scope": "none"})
        assert answer.status_code == 409


def test_the_hosts_name_never_gets_into_a_mail(app: Flask, session: Session, cast: Cast):
    client = app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)', client.get("/forgot-password").text)
    assert token is not None
    form = {"email": "rep@house.example", "csrf_token": token[1]}
    client.post("/forgot-password", data=form, headers={"Host": "evil.example"})
    post_public(app, "/forgot-password", {"email": "rep@house.example"})
    assert all("evil" not in mail.body for mail in session.query(OutboxMail))


def test_one_time_tokens_are_not_in_the_log(
    app: Flask, session: Session, cast: Cast, capsys: pytest.CaptureFixture[str]
):
    asked(app, "rep@house.example")
    path = link(session)
    app.test_client().get(path)
    out = capsys.readouterr().out
    assert path.rsplit("/", 1)[1] not in out
    assert "path=/reset-password/<token>" in out


def test_a_new_password_kills_every_reset_link(app: Flask, session: Session, cast: Cast):
    asked(app, "rep@house.example")
    first = link(session)
    asked(app, "rep@house.example")
    post_public(app, link(session), {"password": GOOD})
    assert app.test_client().get(first).status_code == 404


def test_tries_at_once_do_not_get_past_the_limit(app: Flask, cast: Cast):
    with ThreadPoolExecutor(8) as pool:
        tries = [
            pool.submit(sign_in, app.test_client(), "rep@house.example", "wrong") for _ in range(16)
        ]
        statuses = [each.result().status_code for each in tries]
    assert statuses.count(422) == 5
    assert statuses.count(429) == 11


def test_signing_in_counts_against_nobody_and_clears_the_accounts_failures(app: Flask, cast: Cast):
    def enter(password: str) -> int:
        return sign_in(app.test_client(), "rep@house.example", password).status_code

    assert [enter(PASSWORD) for _ in range(8)] == [303] * 8
    assert [enter("wrong") for _ in range(4)] == [422] * 4
    assert enter(PASSWORD) == 303
    assert [enter("wrong") for _ in range(2)] == [422, 429]  # the address has had its five


@pytest.mark.parametrize(
    ("forwarded", "stored"),
    [("203.0.113.9", "203.0.113.9"), ("203.0.113.9:5678", "203.0.113.9"), ("nonsense", None)],
)
def test_an_odd_address_from_a_proxy_is_no_error(
    database_url: str, session: Session, cast: Cast, forwarded: str, stored: str | None
):
    behind = create_app(
        Settings(app_env="test", database_url=database_url, session_secret="s", trusted_proxies=1)
    )
    client = behind.test_client()
    assert client.get("/sign-in", headers={"X-Forwarded-For": forwarded}).status_code == 200
    visitor = Visitor(behind, session).signed_in(cast.users["sales"])
    visitor.get("/account", headers={"X-Forwarded-For": forwarded})
    visitor.post("/account/notifications", headers={"X-Forwarded-For": forwarded})
    session.rollback()
    entry = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert (str(entry.address) if entry.address else None) == stored


def test_two_admins_who_demote_each_other_at_once_leave_one(
    visit: Callable[[str], Visitor], session: Session, cast: Cast
):
    session.get(User, cast.users["ops"]).role = "admin"
    session.commit()
    pairs = [(visit("admin"), cast.users["ops"]), (visit("ops"), cast.users["admin"])]
    with ThreadPoolExecutor(2) as pool:
        demote = {"role": "sales"}
        calls = [pool.submit(v.post, f"/admin/users/{key}/role", demote) for v, key in pairs]
        statuses = sorted(call.result().status_code for call in calls)
    assert all(status < 500 for status in statuses)
    session.rollback()
    assert session.query(User).filter_by(role="admin", is_active=True).count() == 1


def test_a_soft_rotation_keeps_open_forms_good(rep: Visitor, database_url: str, session: Session):
    settings = Settings(
        app_env="test",
        database_url=database_url,
        session_secret="the new secret",
        session_secret_fallbacks=("a secret for tests only",),
    )
    client = create_app(settings).test_client()
    client.set_cookie("wholesale", rep.client.get_cookie("wholesale").value)
    opened = re.search(r'name="csrf_token" value="([^"]+)', rep.get("/account").text)
    assert opened is not None
    answer = client.post("/account/notifications", data={"csrf_token": opened[1]})
    assert answer.status_code == 303


def test_a_role_that_an_invitation_names_says_so(visit: Callable[[str], Visitor]):
    admin = visit("admin")
    admin.post("/admin/roles", {"name": "coach"})
    admin.post("/admin/invitations", FORM | {"role": "coach"})
    answer = admin.post("/admin/roles/coach/deletion")
    assert answer.status_code == 409
    assert "Invitations name this role" in answer.text


def test_invitations_are_resent_sixty_times_an_hour_at_most(
    visit: Callable[[str], Visitor], session: Session
):
    admin = visit("admin")
    admin.post("/admin/invitations", FORM)
    statuses = [admin.post("/admin/invitations/999/resend").status_code for _ in range(60)]
    assert statuses[-1] == 429


def test_leaving_is_in_the_trail(visit: Callable[[str], Visitor], session: Session, cast: Cast):
    def actions() -> list[str]:
        mine = session.query(AuditEntry.action).filter_by(actor_id=cast.users["sales"])
        session.rollback()
        return [row.action for row in mine.order_by(AuditEntry.id)]

    here, _ = visit("sales"), visit("sales")
    here.post("/account/sessions/end")
    here.post("/sign-out")
    assert actions() == ["sessions ended", "signed out"]
