"""One contract for the disk and the bucket: write, read, list, delete, signed addresses."""

import io
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage as cloud

from tests.standins.bucket import bucket_server, is_signed, service_key
from wholesale.files import storage as rules
from wholesale.files.gcs import GcsStorage
from wholesale.files.local import LocalStorage, Upload
from wholesale.files.storage import LARGE, ObjectMissing, StorageAway, UploadLink, new_key

PAGE = "http://localhost:5000"


@dataclass
class Answer:
    """What a browser sees of an answer."""

    status: int
    body: bytes
    headers: Any


@dataclass
class Place:
    """A storage, and a browser that follows its addresses."""

    storage: Any
    client: FlaskClient | None = None

    def send(self, method: str, url: str, body: bytes = b"", **headers: str) -> Answer:
        """Send a request as the browser's script does; ``Content_Type`` names a header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.client is None:
            answer = requests.request(method, url, data=body, headers=named, allow_redirects=False)
            return Answer(answer.status_code, answer.content, answer.headers)
        local = self.client.open(url, method=method, data=body, headers=named)
        return Answer(local.status_code, local.data, local.headers)

    def put(self, link: UploadLink, body: bytes, **more: str) -> Answer:
        """Put a body, or a piece of it, to an upload link."""
        headers = {name.replace("-", "_"): value for name, value in link.headers.items()}
        return self.send("PUT", link.url, body, **(headers | more))


@pytest.fixture(scope="module")
def bucket_url() -> Iterator[str]:
    """The stand-in with one empty bucket, ``house``."""
    with bucket_server() as url:
        options = {"api_endpoint": url}
        cloud.Client("p", AnonymousCredentials(), client_options=options).create_bucket("house")
        yield url


@pytest.fixture(params=["disk", "bucket"])
def place(request: pytest.FixtureRequest, app: Flask, tmp_path: Path, monkeypatch: Any) -> Place:
    """The storage of each kind, empty or with what other tests left under keys of their own."""
    if request.param == "bucket":
        return Place(GcsStorage("house", request.getfixturevalue("bucket_url")))
    made = LocalStorage(tmp_path / "files", ["a secret for tests only"])
    monkeypatch.setitem(app.extensions, "storage", made)
    return Place(made, app.test_client())


def test_what_was_written_is_read_listed_and_deleted(place: Place):
    key = new_key()
    place.storage.write(key, io.BytesIO(b"hello"), "text/plain")
    with place.storage.open(key) as file:
        assert file.read() == b"hello"
        assert file.seek(1) == 1
    found = place.storage.stat(key)
    assert (found.key, found.size, found.changed_at.tzinfo is not None) == (key, 5, True)
    assert key in [stat.key for stat in place.storage.list()]
    place.storage.delete(key)
    assert place.storage.stat(key) is None
    assert key not in [stat.key for stat in place.storage.list()]


def test_what_is_not_there_is_said_so_and_may_be_deleted_twice(place: Place):
    key = new_key()
    assert place.storage.stat(key) is None
    with pytest.raises(ObjectMissing):
        place.storage.open(key)
    place.storage.delete(key)


def test_a_browser_puts_a_small_file_by_its_signed_address(place: Place):
    key = new_key()
    link = place.storage.upload_link(key, "image/png", 5, PAGE)
    assert not link.is_resumable
    assert place.put(link, b"12345").status == 200
    with place.storage.open(key) as file:
        assert file.read() == b"12345"


def test_a_large_file_comes_in_pieces_each_answered_with_how_much_is_there(place: Place):
    key, size = new_key(), LARGE + 1
    link = place.storage.upload_link(key, "application/pdf", size, PAGE)
    assert link.is_resumable
    first = place.put(link, b"a" * LARGE, Content_Range=f"bytes 0-{LARGE - 1}/{size}")
    assert (first.status, first.headers["Range"]) == (308, f"bytes=0-{LARGE - 1}")
    assert place.storage.stat(key) is None
    last = place.put(link, b"b", Content_Range=f"bytes {LARGE}-{LARGE}/{size}")
    assert last.status == 200
    assert place.storage.stat(key).size == size


def test_a_file_is_fetched_by_a_signed_address(place: Place):
    key = new_key()
    place.storage.write(key, io.BytesIO(b"%PDF-1.4"), "application/pdf")
    answer = place.send("GET", place.storage.download_link(key, "a b.pdf", "application/pdf"))
    assert (answer.status, answer.body) == (200, b"%PDF-1.4")


# --- The disk's own addresses -------------------------------------------------------------------


@pytest.fixture
def disk(app: Flask, tmp_path: Path, monkeypatch: Any) -> Place:
    """The local disk alone."""
    made = LocalStorage(tmp_path / "files", ["a secret for tests only"])
    monkeypatch.setitem(app.extensions, "storage", made)
    return Place(made, app.test_client())


def test_a_link_of_the_disk_takes_the_type_and_the_size_it_was_made_for(disk: Place):
    link = disk.storage.upload_link(new_key(), "image/png", 5, PAGE)
    wrong_type = disk.send("PUT", link.url, b"12345", Content_Type="text/html")
    assert (wrong_type.status, b"another type" in wrong_type.body) == (400, True)
    for body in (b"1234", b"123456"):
        wrong_size = disk.put(link, body)
        assert (wrong_size.status, b"another size" in wrong_size.body) == (400, True)
    assert list(disk.storage.list()) == []


def test_a_link_of_the_disk_writes_once_and_overwrites_nothing(disk: Place):
    key = new_key()
    link = disk.storage.upload_link(key, "text/plain", 5, PAGE)
    disk.put(link, b"first")
    assert disk.put(link, b"later").status == 200
    with disk.storage.open(key) as file:
        assert file.read() == b"first"


def test_an_upload_that_stopped_is_asked_where_it_goes_on(disk: Place):
    size = LARGE + 10
    link = disk.storage.upload_link(new_key(), "text/plain", size, PAGE)
    disk.put(link, b"a" * 100, Content_Range=f"bytes 0-99/{size}")
    asked = disk.put(link, b"", Content_Range=f"bytes */{size}")
    assert (asked.status, asked.headers["Range"]) == (308, "bytes=0-99")
    gap = disk.put(link, b"b" * 10, Content_Range=f"bytes 500-509/{size}")
    assert (gap.status, gap.headers["Range"]) == (308, "bytes=0-99")
    fresh = disk.storage.upload_link(new_key(), "text/plain", size, PAGE)
    assert "Range" not in disk.put(fresh, b"", Content_Range=f"bytes */{size}").headers


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_link_that_was_changed_or_is_of_the_other_kind_is_refused(
    disk: Place, method: str, capfd: Any
):
    key = new_key()
    upload = disk.storage.upload_link(key, "text/plain", 5, PAGE).url
    download = disk.storage.download_link(key, "a.txt", "text/plain")
    wrong = upload if method == "GET" else download
    right = download if method == "GET" else upload
    for url in (wrong, right[:-1], "/storage/x"):
        assert disk.send(method, url, Content_Type="text/plain").status == 400
    assert "file link refused" in capfd.readouterr().out


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_an_expired_link_says_so_and_leaves_a_line_in_the_log(
    disk: Place, method: str, monkeypatch: Any, capfd: Any
):
    key = new_key()
    disk.storage.write(key, io.BytesIO(b"hello"), "text/plain")
    link = disk.storage.download_link(key, "a.txt", "text/plain")
    if method == "PUT":
        link = disk.storage.upload_link(new_key(), "text/plain", 5, PAGE).url
    later = _now() + max(rules.UPLOAD_LIFE, rules.DOWNLOAD_LIFE).total_seconds() + 1
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    answer = disk.send(method, link, b"12345", Content_Type="text/plain")
    assert (answer.status, b"has expired" in answer.body) == (410, True)
    assert "file link expired" in capfd.readouterr().out


def _now() -> float:
    import time

    return time.time()


@pytest.mark.parametrize("key", ["../../etc/passwd", "ab/../../x", "/etc/passwd", "ab/" + "g" * 32])
def test_no_key_leads_out_of_the_folder(disk: Place, key: str):
    with pytest.raises(ObjectMissing):
        disk.storage.open(key)


def test_a_full_or_broken_disk_is_told_as_such_and_leaves_nothing_half(disk: Place, tmp_path: Path):
    (tmp_path / "files").write_text("a file where the folder should be")
    with pytest.raises(StorageAway):
        disk.storage.write(new_key(), io.BytesIO(b"x"), "text/plain")


def test_a_download_from_the_disk_is_saved_under_its_name_and_never_shown(disk: Place):
    key = new_key()
    disk.storage.write(key, io.BytesIO(b"<svg/>"), "image/svg+xml")
    link = disk.storage.download_link(key, 'Logo "é".svg', "image/svg+xml")
    headers = disk.send("GET", link).headers
    assert headers["Content-Disposition"] == (
        "attachment; filename=\"Logo ___.svg\"; filename*=UTF-8''Logo%20%22%C3%A9%22.svg"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"].startswith("application/octet-stream")


# --- The bucket's signatures ----------------------------------------------------------------------


def test_the_buckets_upload_address_is_bound_to_type_size_and_one_writing(bucket_url: str):
    credentials, key = service_key()
    link = GcsStorage("house", bucket_url, credentials).upload_link(new_key(), "image/png", 5, PAGE)
    assert link.headers["x-goog-content-length-range"] == "5,5"
    assert link.headers["x-goog-if-generation-match"] == "0"
    assert is_signed(link.url, "PUT", link.headers, key)
    for name, value in [("Content-Type", "text/html"), ("x-goog-content-length-range", "0,9999")]:
        assert not is_signed(link.url, "PUT", link.headers | {name: value}, key)
    assert not is_signed(link.url, "GET", link.headers, key)
    assert dict(parse_qsl(urlsplit(link.url).query))["X-Goog-Expires"] == "900"


def test_the_buckets_download_address_names_the_file_and_has_it_saved(bucket_url: str):
    credentials, key = service_key()
    made = GcsStorage("house", bucket_url, credentials)
    url = made.download_link(new_key(), "tax form.pdf", "application/pdf")
    query = dict(parse_qsl(urlsplit(url).query))
    assert query["response-content-disposition"].startswith('attachment; filename="tax form.pdf"')
    assert query["X-Goog-Expires"] == "300"
    assert is_signed(url, "GET", {}, key)
    assert not is_signed(url.replace("tax%20form", "virus"), "GET", {}, key)


def test_a_bucket_that_does_not_answer_is_told_as_such(monkeypatch: Any, capfd: Any):
    from wholesale.files import gcs

    monkeypatch.setitem(gcs.PATIENCE, "retry", None)
    away = GcsStorage("house", "http://127.0.0.1:9")
    with pytest.raises(StorageAway, match="Nothing was lost"):
        away.open(new_key())
    assert "storage failed" in capfd.readouterr().err


def test_the_same_piece_sent_twice_at_once_is_taken_once(tmp_path: Path):
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            time.sleep(0.05)
            return super().read(size)

    disk, piece = LocalStorage(tmp_path, ["s"]), bytes(range(256)) * 400
    for pieces in (1, 3):
        upload = Upload(new_key(), "application/pdf", len(piece) * pieces)
        with ThreadPoolExecutor(2) as browsers:
            held = browsers.map(lambda _, u=upload: disk.receive(u, Slow(piece), 0), range(2))
            assert set(held) == {len(piece)}
        assert disk.held(upload) == len(piece)
