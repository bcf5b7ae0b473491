"""What the tests of files share: a record's address, a way to send, what the database holds."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.visitor import Visitor
from wholesale.files.local import LocalStorage
from wholesale.files.models import FileVersion, StoredFile

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def disk(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalStorage:
    """An empty disk of this test's own."""
    made = LocalStorage(tmp_path / "files", [str(app.secret_key)])
    monkeypatch.setitem(app.extensions, "storage", made)
    return made


@pytest.fixture
def url(placed: str) -> str:
    """The address of the files of an order of the rep."""
    return f"/orders/{placed}/files"


def send(who: Visitor, url: str, *files: tuple[str, bytes], **kwargs: Any) -> TestResponse:
    """Send files through the form, as a browser without JavaScript does."""
    sent = [(io.BytesIO(data), name) for name, data in files]
    return who.post(url, {"files": sent}, content_type="multipart/form-data", **kwargs)


@pytest.fixture
def kept(session: Session) -> Callable[[], list[StoredFile]]:
    """Return a call that reads the files the database holds, the first one first."""

    def read() -> list[StoredFile]:
        session.rollback()
        session.expire_all()
        return session.query(StoredFile).order_by(StoredFile.id).all()

    return read


@pytest.fixture
def versions(session: Session) -> Callable[[], list[FileVersion]]:
    """Return a call that reads all versions, the first one first."""

    def read() -> list[FileVersion]:
        session.rollback()
        session.expire_all()
        return session.query(FileVersion).order_by(FileVersion.id).all()

    return read


def content(disk: Any, version: FileVersion) -> bytes:
    """Return what the storage holds of a version."""
    with disk.open(version.object_key) as file:
        data: bytes = file.read()
        return data


def objects(disk: Any) -> Iterator[str]:
    """Return the keys of all that lies in the storage."""
    return (stat.key for stat in disk.list())
