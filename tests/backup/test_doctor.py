"""The doctor, and so Admin System, tells how old the newest backup is."""

import json
from datetime import timedelta

import pytest
from flask import Flask

from tests.backup.conftest import Desk
from wholesale.core.clock import now
from wholesale.system.commands import doctor


def told(app: Flask) -> dict[str, str]:
    """Return what ``flask doctor`` says of backups."""
    done = app.test_cli_runner().invoke(doctor, ["--json"])
    parts = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return next(part for part in parts if part["name"] == "Backups")


def test_the_newest_good_backup_has_to_be_of_the_last_day(
    desk: Desk, app: Flask, monkeypatch: pytest.MonkeyPatch
):
    assert "flask backup create" in told(app)["problem"]
    one = desk.make()
    assert told(app)["state"] == "well"
    assert told(app)["summary"].startswith("The newest is 0 hours old, 1 in ")
    assert told(app)["last_success"] == one.known().created_at
    desk.rewrite(one, created_at=(now() - timedelta(hours=30)).isoformat())
    assert told(app)["summary"].startswith("The newest is 30 hours old")
    assert told(app)["state"] == "trouble"
    desk.make()
    one.path.unlink()
    assert told(app)["problem"] == "1 cannot be relied on: flask backup list."
    monkeypatch.setitem(app.config, "BACKUP_DIR", None)
    assert told(app)["state"] == "off"
