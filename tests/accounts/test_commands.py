"""``flask users``, ``invitations``, ``sessions``, ``permissions`` and ``audit`` for admins."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from tests.accounts.test_invitations import GOOD
from tests.cast import Cast
from tests.visitor import Visitor
from wholesale.access.commands import permissions
from wholesale.accounts.commands import invitations, sessions, users
from wholesale.accounts.models import Invitation, SignInSession, User
from wholesale.audit.commands import audit

GROUPS = (users, invitations, sessions, permissions, audit)
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, cast: Cast) -> Run:
    """Run a command as an operator types it: ``run("users list")``."""
    for group in GROUPS:
        app.cli.add_command(group)
    runner = app.test_cli_runner()

    def invoke(words: str, *more: str, **kwargs: Any) -> Result:
        return runner.invoke(args=[*words.split(), *more], **kwargs)

    return invoke


def test_users_are_created_listed_and_shown(run: Run, session: Session):
    options = ("--name", "Ana Cruz", "--role", "sales", "--password", GOOD)
    assert run("users create ana@house.example", *options).exit_code == 0
    listed = json.loads(run("users list --role sales --json").output)
    assert "ana@house.example" in [user["email"] for user in listed]
    assert "Ana Cruz" in run("users show ANA@house.example").output
    weak = run("users create b@house.example", "--name", "B", "--role", "sales", "--password", "x")
    assert (weak.exit_code, "better password" in weak.output) == (1, True)


def test_promoting_demoting_disabling_and_enabling(run: Run, session: Session, cast: Cast):
    key = cast.users["sales"]
    for words, expected in [
        ("users promote rep@house.example", ("admin", True)),
        ("users demote rep@house.example --role ops --yes", ("ops", True)),
        ("users disable rep@house.example --yes", ("ops", False)),
        ("users enable rep@house.example", ("ops", True)),
    ]:
        assert run(words).exit_code == 0, words
        session.rollback()
        user = session.get(User, key)
        assert (user.role, user.is_active) == expected


@pytest.mark.parametrize("words", ["users demote", "users disable"])
def test_the_last_active_admin_stays(run: Run, words: str):
    answer = run(f"{words} admin@house.example --yes")
    assert answer.exit_code == 1
    assert "last active administrator" in answer.output


def test_destructive_commands_ask_first(run: Run, session: Session, cast: Cast):
    answer = run("users disable rep@house.example", input="n\n")
    assert answer.exit_code == 1
    session.rollback()
    assert session.get(User, cast.users["sales"]).is_active


def test_an_unknown_user_is_said_in_one_line(run: Run):
    answer = run("users promote nobody@house.example")
    assert answer.exit_code == 1
    assert answer.output == "Error: There is no user nobody@house.example.\n"


def test_a_reset_link_is_printed_and_works(run: Run, app: Flask):
    url = run("users reset-password rep@house.example").output.split()[-1]
    assert app.test_client().get(url.split("5000")[-1]).status_code == 200


def test_invitations_are_sent_listed_resent_and_revoked(run: Run, session: Session):
    sent = run("invitations send ana@house.example", "--name", "Ana", "--role", "sales")
    assert "/invitations/" in sent.output
    (row,) = json.loads(run("invitations list --json").output)
    assert row["state"] == "pending"
    assert "/invitations/" in run(f"invitations resend {row['id']}").output
    assert run(f"invitations revoke {row['id']} --yes").exit_code == 0
    session.rollback()
    assert session.query(Invitation).one().state.value == "revoked"
    assert run(f"invitations resend {row['id']}").exit_code == 1


def test_sessions_are_listed_and_revoked_for_one_or_all(
    run: Run, visit: Callable[[str], Visitor], session: Session
):
    rep, admin = visit("sales"), visit("admin")
    assert "rep@house.example" in run("sessions list").output
    assert run("sessions revoke --user rep@house.example --yes").exit_code == 0
    assert rep.get("/orders").status_code == 302
    assert admin.get("/orders").status_code == 200
    assert run("sessions revoke --all --yes").exit_code == 0
    session.rollback()
    assert session.query(SignInSession).count() == 0
    assert run("sessions revoke --yes").exit_code == 2


def test_permissions_are_seeded_and_shown(run: Run):
    assert run("permissions seed").output == "0 permissions added.\n"
    rows = json.loads(run("permissions show --role sales --json").output)
    assert {"permission": "orders:read", "sales": "own"} in rows
    assert run("permissions show --role nobody").exit_code == 1


def test_the_trail_names_the_operator_and_verifies(run: Run):
    run("users disable rep@house.example --yes")
    entry = json.loads(run("audit log --record users --limit 1 --json").output)[0]
    assert entry["actor"].startswith("command line (")
    assert entry["after"] == {"is_active": False}
    whole = run("audit verify").output
    assert whole.startswith("The trail is whole: ")
    head = whole.split()[-1].rstrip(".")
    assert run(f"audit verify --head {head}").exit_code == 0
    assert run(f"audit verify --head {'0' * 64}").exit_code == 1
    assert run("audit verify --head nonsense").exit_code == 2


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_every_command_has_help_with_an_example(group: Any):
    for command in group.commands.values():
        assert "Example: flask" in (command.help or ""), command.name
