"""``flask storage check``: orphans both ways, what cannot be read, and what is done about it."""

import io
import json
import os
import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.files.conftest import PDF, objects, send
from tests.pictures import png
from tests.visitor import Visitor
from wholesale.files.commands import storage
from wholesale.files.storage import new_key


@pytest.fixture
def command(app: Flask) -> Any:
    """Run ``flask storage check`` with arguments, as an operator does."""
    runner = FlaskCliRunner(app)

    def run(*args: str, **kwargs: Any) -> Any:
        return runner.invoke(storage, ["check", *args], **kwargs)

    return run


def age(disk: Any, key: str, hours: float = 3) -> None:
    """Make an object some hours old."""
    then = time.time() - hours * 3600
    os.utime(disk.root / key, (then, then))


@pytest.fixture
def orphan(disk: Any) -> str:
    """An object that nothing names, three hours old."""
    key = new_key()
    disk.write(key, io.BytesIO(b"left over"), "text/plain")
    age(disk, key)
    return key


def test_all_is_well(rep: Visitor, url: str, command: Any, work: Any):
    send(rep, url, ("logo.pdf", PDF), ("logo.png", png(50, 50)))
    work()
    answer = command()
    assert (answer.exit_code, answer.output) == (0, "The storage and the database agree.\n")


def test_an_object_without_a_file_is_an_orphan_and_is_deleted_after_a_yes(
    disk: Any, command: Any, orphan: str
):
    found = command("--json")
    assert found.exit_code == 1
    assert json.loads(found.output) == [{"what": "orphan", "object": orphan, "about": "9 bytes"}]
    assert command("--fix", input="n\n").exit_code == 1
    assert list(objects(disk)) == [orphan]
    assert command("--fix", input="y\n").exit_code == 0
    assert list(objects(disk)) == []
    assert command().exit_code == 0


def test_an_upload_that_may_be_under_way_is_no_orphan(disk: Any, command: Any, orphan: str):
    age(disk, orphan, hours=1)
    assert command().exit_code == 0


def test_a_half_sent_upload_is_an_orphan_in_the_end(disk: Any, command: Any):
    link = disk.upload_link(new_key(), "text/plain", 9 * 1024 * 1024, "")
    upload = disk.opened_upload(link.url.removeprefix("/storage/"))
    disk.receive(upload, io.BytesIO(b"half"), 0)
    (key,) = objects(disk)
    age(disk, key)
    assert command("--fix", "--yes").exit_code == 0
    assert list(objects(disk)) == []


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_bytes(b"x"), "changed"),
        (lambda path: path.write_bytes(b"x" * len(PDF)), "changed"),
    ],
)
def test_a_file_whose_content_is_lost_is_found_and_marked(
    rep: Visitor, url: str, versions: Any, disk: Any, command: Any, harm: Any, what: str
):
    send(rep, url, ("logo.pdf", PDF))
    (version,) = versions()
    harm(disk.root / version.object_key)
    found = command("--json")
    assert (found.exit_code, json.loads(found.output)[0]["what"]) == (1, what)
    assert "logo.pdf" in found.output
    assert command("--fix", "--yes").exit_code == 0
    assert "Its content is gone from the storage." in rep.get(url).text
    assert command().exit_code == 0
    send(rep, f"{url}/{version.file_id}/versions", ("logo.pdf", PDF + b"%2\n"))
    assert "Its content is gone" not in rep.get(url).text


def test_a_quick_check_reads_no_contents(
    rep: Visitor, url: str, versions: Any, disk: Any, command: Any
):
    send(rep, url, ("logo.pdf", PDF))
    (disk.root / versions()[0].object_key).write_bytes(b"x" * len(PDF))
    assert command("--quick").exit_code == 0


def test_a_lost_thumbnail_is_made_again(
    rep: Visitor, url: str, versions: Any, disk: Any, command: Any, work: Any
):
    send(rep, url, ("logo.png", png(50, 50)))
    work()
    (before,) = versions()
    kept = before.object_key
    disk.delete(before.thumbnail_key)
    assert "no thumbnail" in command().output
    command("--fix", "--yes")
    work()
    (version,) = versions()
    assert version.object_key == kept
    assert rep.get(f"{url}/{version.file_id}/1/thumbnail").status_code == 200
    assert command().exit_code == 0
