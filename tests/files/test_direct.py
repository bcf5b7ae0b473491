"""Straight to the storage: begun with a signed address, put by the browser, then confirmed."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from flask import Flask
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage as cloud

from tests.cast import Cast
from tests.files.conftest import PDF, content, objects, send
from tests.pictures import png
from tests.standins.bucket import bucket_server
from tests.visitor import Visitor
from wholesale.files.gcs import GcsStorage
from wholesale.files.storage import LARGE, StorageAway


@pytest.fixture
def uploads(url: str) -> str:
    """The address at which uploads to the rep's order begin."""
    return url.replace("/files", "/uploads")


def begin(who: Visitor, uploads: str, name: str, size: int, **more: Any) -> Any:
    """Ask where to send a file; return the answer."""
    return who.post(uploads, {"name": name, "size": str(size), **more})


def put(who: Visitor, begun: dict[str, Any], data: bytes, **headers: str) -> Any:
    """Send the bytes as the browser's script does."""
    return who.client.put(begun["url"], data=data, headers=begun["headers"] | headers)


def confirm(who: Visitor, uploads: str, begun: dict[str, Any]) -> Any:
    """Say that the bytes are there."""
    return who.post(f"{uploads}/confirm", {"claim": begun["claim"]})


@pytest.fixture
def through(rep: Visitor, uploads: str) -> Callable[[str, bytes], Any]:
    """Return a call that sends a file all the way, and returns the last answer."""

    def go(name: str, data: bytes) -> Any:
        begun = begin(rep, uploads, name, len(data)).json
        assert put(rep, begun, data).status_code == 200
        return confirm(rep, uploads, begun)

    return go


def test_a_confirmed_file_is_kept_with_its_record(through: Any, kept: Any, disk: Any):
    answer = through("logo.pdf", PDF)
    assert answer.json == {"name": "logo.pdf", "number": 1, "state": "ready"}
    (file,) = kept()
    assert content(disk, file.current) == PDF


def test_nothing_is_kept_before_it_is_confirmed(rep: Visitor, uploads: str, kept: Any):
    put(rep, begin(rep, uploads, "logo.pdf", len(PDF)).json, PDF)
    assert kept() == []


def test_confirming_twice_is_confirming_once(rep: Visitor, uploads: str, kept: Any):
    begun = begin(rep, uploads, "logo.pdf", len(PDF)).json
    put(rep, begun, PDF)
    assert confirm(rep, uploads, begun).json == confirm(rep, uploads, begun).json
    assert len(kept()) == 1


def test_a_picture_is_confirmed_again_after_its_job_has_run(
    rep: Visitor, uploads: str, kept: Any, work: Callable[[], int]
):
    data = png(900, 600)
    begun = begin(rep, uploads, "logo.png", len(data)).json
    put(rep, begun, data)
    assert confirm(rep, uploads, begun).status_code == 200  # and the answer is lost
    assert work() == 1
    again = confirm(rep, uploads, begun)
    assert (again.status_code, again.json["name"]) == (200, "logo.png")
    assert len(kept()) == 1
    assert len(kept()[0].versions) == 1


def test_a_large_file_goes_on_where_it_stopped(rep: Visitor, uploads: str, kept: Any, disk: Any):
    data = PDF + b"\0" * LARGE
    begun = begin(rep, uploads, "art.pdf", len(data)).json
    assert begun["piece"] == LARGE
    first = f"bytes 0-999/{len(data)}"
    put(rep, begun, data[:1000], **{"Content-Range": first})
    assert confirm(rep, uploads, begun).status_code == 404  # half of it is not it
    asked = put(rep, begun, b"", **{"Content-Range": f"bytes */{len(data)}"})
    assert (asked.status_code, asked.headers["Range"]) == (308, "bytes=0-999")
    rest = f"bytes 1000-{len(data) - 1}/{len(data)}"
    assert put(rep, begun, data[1000:], **{"Content-Range": rest}).status_code == 200
    assert confirm(rep, uploads, begun).status_code == 200
    assert content(disk, kept()[0].current) == data


@pytest.mark.parametrize(
    ("name", "size", "words"),
    [
        ("empty.pdf", 0, "empty.pdf is empty"),
        ("big.png", 26 * 1024**2, "at most"),
        ("big.ai", 101 * 1024**2, "at most"),
        ("tool.exe", 100, "not kept here"),
        ("page.html", 100, "not kept here"),
        ("noname", 100, "not kept here"),
    ],
)
def test_what_cannot_be_kept_is_refused_before_it_is_sent(
    rep: Visitor, uploads: str, capfd: Any, name: str, size: int, words: str
):
    answer = begin(rep, uploads, name, size)
    assert answer.status_code == 422
    assert words in answer.json["message"]
    assert answer.json["request_id"]
    assert "file refused" in capfd.readouterr().out


@pytest.mark.parametrize("size", ["-1", "1e9", "x", "9" * 30])
def test_a_size_that_is_no_number_is_refused(rep: Visitor, uploads: str, size: str):
    assert rep.post(uploads, {"name": "a.pdf", "size": size}).status_code == 422


def test_what_turns_out_to_be_something_else_is_refused_and_deleted(
    through: Any, kept: Any, disk: Any, capfd: Any
):
    answer = through("logo.pdf", png(30, 30))
    assert answer.status_code == 422
    assert "logo.pdf is a PNG picture by its content" in answer.json["message"]
    assert "file refused" in capfd.readouterr().out
    assert kept() == []
    assert list(objects(disk)) == []


def test_confirming_what_never_came_says_so(rep: Visitor, uploads: str, kept: Any):
    answer = confirm(rep, uploads, begin(rep, uploads, "logo.pdf", 10).json)
    assert answer.status_code == 404
    assert "not in the storage" in answer.json["message"]
    assert kept() == []


def test_an_upload_is_not_confirmed_for_another_record_or_by_another_person(
    rep: Visitor, visit: Any, uploads: str, cast: Cast, kept: Any, disk: Any, capfd: Any
):
    begun = begin(rep, uploads, "logo.pdf", len(PDF)).json
    put(rep, begun, PDF)
    other_record = f"/organizations/{cast.organization}/uploads"
    assert confirm(rep, other_record, begun).status_code == 404
    assert confirm(visit("admin"), uploads, begun).status_code == 404
    assert confirm(visit("sales2"), uploads, begun).status_code == 404
    assert "upload refused" in capfd.readouterr().out
    assert kept() == []
    assert confirm(rep, uploads, begun).status_code == 200  # and it is not lost


@pytest.mark.parametrize("claim", ["", "x", "eyJ.x.y"])
def test_a_claim_that_nobody_signed_is_none(rep: Visitor, uploads: str, claim: str, kept: Any):
    assert confirm(rep, uploads, {"claim": claim}).status_code == 404
    assert kept() == []


def test_a_claim_expires(rep: Visitor, uploads: str, kept: Any, monkeypatch: Any, capfd: Any):
    begun = begin(rep, uploads, "logo.pdf", len(PDF)).json
    put(rep, begun, PDF)
    later = time.time() + 3 * 3600
    with monkeypatch.context() as patch:
        patch.setattr("itsdangerous.timed.time.time", lambda: later)
        # The form's own token is as old: it has no limit of time.
        answer = confirm(rep, uploads, begun)
    assert answer.status_code == 410
    assert "upload refused" in capfd.readouterr().out
    assert kept() == []


def test_who_only_reads_may_not_begin(visit: Any, uploads: str):
    assert begin(visit("designer"), uploads, "a.pdf", 10).status_code == 403
    assert begin(visit("sales2"), uploads, "a.pdf", 10).status_code == 404


def test_the_quota_counts_before_and_after(
    app: Flask, rep: Visitor, url: str, uploads: str, kept: Any, monkeypatch: Any
):
    monkeypatch.setitem(app.config, "FILES_QUOTA", len(PDF) + 60)
    begun = begin(rep, uploads, "late.pdf", len(PDF) + 20).json
    put(rep, begun, PDF + b"%" + b"x" * 19)
    send(rep, url, ("first.pdf", PDF))
    assert begin(rep, uploads, "more.pdf", 100).status_code == 422
    late = confirm(rep, uploads, begun)
    assert (late.status_code, "are left" in late.json["message"]) == (422, True)
    assert [file.name for file in kept()] == ["first.pdf"]


def test_a_new_version_comes_the_same_way(rep: Visitor, url: str, uploads: str, kept: Any):
    send(rep, url, ("logo.pdf", PDF))
    (file,) = kept()
    data = PDF + b"%2\n"
    begun = begin(rep, uploads, "logo.pdf", len(data), file=str(file.id)).json
    put(rep, begun, data)
    assert confirm(rep, uploads, begun).json["number"] == 2
    assert begin(rep, uploads, "logo.pdf", 10, file="999999").status_code == 404


def test_a_storage_that_is_away_loses_nothing(
    rep: Visitor, uploads: str, kept: Any, disk: Any, monkeypatch: Any
):
    begun = begin(rep, uploads, "logo.pdf", len(PDF)).json
    put(rep, begun, PDF)
    with monkeypatch.context() as patch:
        patch.setattr(disk, "root", disk.root / ("a" * 300))  # a name too long for any disk
        answer = confirm(rep, uploads, begun)
    assert answer.status_code == StorageAway.status
    assert "Nothing was lost" in answer.json["message"]
    assert confirm(rep, uploads, begun).status_code == 200


# --- With a bucket ------------------------------------------------------------------------------


@pytest.fixture
def bucket(app: Flask, monkeypatch: Any) -> Iterator[GcsStorage]:
    """The application with a bucket instead of the disk."""
    with bucket_server() as url:
        options = {"api_endpoint": url}
        cloud.Client("p", AnonymousCredentials(), client_options=options).create_bucket("house")
        made = GcsStorage("house", url)
        monkeypatch.setitem(app.extensions, "storage", made)
        monkeypatch.setitem(app.config, "STORAGE_ORIGIN", made.origin)
        yield made


def test_with_a_bucket_the_browser_sends_to_it_and_fetches_from_it(
    rep: Visitor, url: str, uploads: str, kept: Any, bucket: GcsStorage
):
    begun = begin(rep, uploads, "logo.pdf", len(PDF)).json
    assert begun["url"].startswith(bucket.origin)
    assert requests.put(begun["url"], data=PDF, headers=begun["headers"]).status_code == 200
    assert confirm(rep, uploads, begun).status_code == 200
    (file,) = kept()
    answer = rep.get(f"{url}/{file.id}/1")
    assert answer.status_code == 302
    assert requests.get(answer.location).content == PDF
    policy = rep.get(url).headers["Content-Security-Policy"]
    assert f"connect-src 'self' {bucket.origin}" in policy


def test_with_a_bucket_the_disks_addresses_are_none(rep: Visitor, bucket: GcsStorage):
    assert rep.client.get("/storage/x").status_code == 404
    assert rep.client.put("/storage/x").status_code == 404


def test_with_a_bucket_the_plain_form_and_the_job_work_as_well(
    rep: Visitor, url: str, kept: Any, bucket: GcsStorage, work: Callable[[], int]
):
    send(rep, url, ("logo.png", png(900, 600)))
    work()
    (file,) = kept()
    assert file.current.is_ready
    assert rep.get(f"{url}/{file.id}/1/thumbnail").content_type == "image/webp"
    assert len(list(objects(bucket))) == 3  # what was sent is forgotten later
