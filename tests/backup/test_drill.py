"""The drill, with the commands as an operator types them: write, back up, destroy, restore."""

import os
from pathlib import Path
from uuid import uuid4

from sqlalchemy.orm import Session

from tests.backup.conftest import Desk, address, rows
from tests.cast import EMAILS, PASSWORD, Cast
from tests.customers.test_changes import new
from tests.test_run import flask
from tests.visitor import Visitor
from wholesale.audit.commands import audit
from wholesale.backup import databases
from wholesale.extensions import db
from wholesale.integrity.commands import integrity


def test_what_was_written_is_there_again(house: Desk, cast: Cast, tmp_path: Path):
    with house.app.app_context():
        engine = db.engine
    with Session(engine) as session:
        rep = Visitor(house.app, session).signed_in(cast.users["sales"])
        order = {"organization_id": cast.organization, "key": str(uuid4())}
        assert rep.post("/orders/new", order).status_code == 303
        assert rep.post("/organizations/new", new(name="Café Übergröße")).status_code == 303
    engine.dispose()
    before = rows(house.live)
    assert len(before["public.orders"]) == 1

    known = {k: v for k, v in os.environ.items() if not k.startswith(("FLASK", "APP_"))}
    env = known | {
        "DATABASE_URL": address(house.live),
        "INSTANCE_PATH": str(tmp_path / "in stance"),
    }
    env |= {"BACKUP_DIR": str(tmp_path / "kept else where")}
    made = flask(env, "backup", "create")
    assert made.returncode == 0, made.stderr
    databases.drop(house.live)
    assert not databases.exists(house.live)
    restored = flask(env, "backup", "restore", "latest")
    assert restored.returncode == 0, restored.stderr

    assert rows(house.live) == before  # every row of every table
    runner = house.app.test_cli_runner()
    assert "The trail is whole" in runner.invoke(audit, ["verify"]).stdout
    assert runner.invoke(integrity, ["check"]).exit_code == 0
    visitor = house.app.test_client()
    page = visitor.get("/sign-in").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    form = {"csrf_token": token, "email": EMAILS["sales"], "password": PASSWORD}
    assert visitor.post("/sign-in", data=form).status_code == 303
    assert "Café Übergröße" in visitor.get("/organizations").text
    engine.dispose()
