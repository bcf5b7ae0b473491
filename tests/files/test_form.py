"""Files by the plain form: kept when they are what they say, else refused beside the field."""

import hashlib
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from tests.files.conftest import PDF, content, objects, send
from tests.pictures import bomb, png
from tests.visitor import Visitor
from wholesale.files import kinds
from wholesale.files.names import safe_name

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def zipped(*names: str) -> bytes:
    """Return an archive of small files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "hello")
    return buffer.getvalue()


def test_several_files_are_added_at_once_and_listed(rep: Visitor, url: str, kept: Any, disk: Any):
    answer = send(rep, url, ("logo.pdf", PDF), ("roster.csv", b"name,size\nAna,M\n"))
    assert (answer.status_code, answer.location) == (303, url)
    text = rep.get(url).text
    assert "Added: logo.pdf, roster.csv." in text
    assert "Rita Rep" in text
    first, second = kept()
    assert (first.current.content_type, second.current.content_type) == (
        "application/pdf",
        "text/csv",
    )
    assert first.current.sha256 == hashlib.sha256(PDF).hexdigest()
    assert first.current.byte_count == len(PDF)
    assert content(disk, first.current) == PDF


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.pdf", b"", "empty.pdf is empty: it has 0 bytes."),
        ("logo.pdf", png(20, 20), "logo.pdf is a PNG picture by its content"),
        ("logo.png", PDF, "logo.png is a PDF by its content: its name has to end in .pdf or .ai."),
        ("page.html", b"<html><script>1</script></html>", "is of a kind that is not kept here"),
        ("page.txt", b"<html><script>1</script></html>", "is of a kind that is not kept here"),
        ("tool.exe", b"MZ" + b"\0" * 90, "is of a kind that is not kept here"),
        ("tool.pdf", b"MZ" + b"\0" * 90, "is of a kind that is not kept here"),
        ("both.pdf", PDF + zipped("a.txt"), "both.pdf is two kinds of file at once"),
        ("both.png", png(20, 20) + zipped("a.class"), "both.png is two kinds of file at once"),
        ("both.gif", b"GIF89a<script>alert(1)</script>", "both.gif is two kinds of file at once"),
        ("both.psd", b"8BPS\0\1" + PDF, "both.psd is two kinds of file at once"),
        ("broken.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "cannot be read as the picture"),
        ("sheet.docx", zipped("[Content_Types].xml", "xl/workbook.xml"), "is an Excel workbook"),
        ("macro.xlsx", zipped("[Content_Types].xml", "xl/vbaProject.bin"), "not kept here"),
        ("cut.zip", zipped("a.txt")[:40], "not kept here"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_what_is_not_what_it_says_is_refused_with_the_reason_and_a_line_in_the_log(
    rep: Visitor, url: str, kept: Any, disk: Any, capfd: Any, name: str, data: bytes, words: str
):
    answer = send(rep, url, ("good.pdf", PDF), (name, data))
    assert answer.status_code == 422
    assert words in answer.text
    assert 'id="new-files-error"' in answer.text
    assert "file refused" in capfd.readouterr().out
    (good,) = kept()  # the others are not lost with it
    assert good.name == "good.pdf"
    assert list(objects(disk)) == [good.current.object_key]


def test_a_pixel_bomb_is_refused_before_it_unfolds(
    rep: Visitor, url: str, kept: Any, monkeypatch: Any
):
    monkeypatch.setattr("wholesale.files.pictures.MOST_PIXELS", 40_000_000)
    answer = send(rep, url, ("bomb.png", bomb()))
    assert answer.status_code == 422
    assert "bomb.png has too many pixels: a picture has 40 megapixels at most" in answer.text
    assert kept() == []


@pytest.mark.parametrize(
    ("name", "head", "limit"),
    [("big.png", png(9, 9), kinds.PICTURE_LIMIT), ("big.pdf", PDF, kinds.ART_LIMIT)],
    ids=["picture", "art"],
)
def test_a_file_over_its_kinds_limit_is_refused(
    rep: Visitor, url: str, kept: Any, name: str, head: bytes, limit: int
):
    answer = send(rep, url, (name, head + b"\0" * limit))
    assert answer.status_code == 422
    assert f"a file of this kind has {limit // 1024**2} MB at most" in answer.text
    assert kept() == []


def test_an_archive_that_is_nothing_but_its_list_is_not_read(rep: Visitor, url: str, kept: Any):
    entries = 5 * 1024 * 1024
    end = b"PK\x05\x06" + bytes(8) + entries.to_bytes(4, "little") + bytes(6)
    answer = send(rep, url, ("art.zip", b"PK\x03\x04" + bytes(26) + bytes(entries) + end))
    assert answer.status_code == 422
    assert "is of a kind that is not kept here" in answer.text
    assert kept() == []


def test_nothing_chosen_is_said_beside_the_field(rep: Visitor, url: str):
    answer = rep.post(url)
    assert (answer.status_code, "Choose a file first." in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ana\\Logo.PDF", "Logo.PDF"),
        ("a\r\nSet-Cookie: x=1;.pdf", "a Set-Cookie- x=1-.pdf"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("..", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("CON.pdf", "-CON.pdf"),
        ('<b>"x".svg', "-b-x-.svg"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("Müller Entwurf.pdf", "Müller Entwurf.pdf"),
    ],
)
def test_a_name_loses_what_is_a_path_a_header_or_a_trick(given: str, name: str):
    assert safe_name(given) == name


def test_a_path_in_a_name_leads_nowhere(rep: Visitor, url: str, kept: Any, disk: Any, capfd: Any):
    send(rep, url, ("../../../tmp/x/logo.pdf", PDF))
    (file,) = kept()
    assert file.name == "logo.pdf"
    assert (disk.root / file.current.object_key).exists()
    assert "file name made safe" in capfd.readouterr().out


def test_an_svg_is_kept_and_only_ever_saved(rep: Visitor, url: str, kept: Any):
    send(rep, url, ("logo.svg", SVG))
    (file,) = kept()
    answer = rep.get(f"{url}/{file.id}/1", follow_redirects=True)
    assert answer.data == SVG
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="logo.svg"')
    assert answer.content_type.startswith("application/octet-stream")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "/thumbnail" not in rep.get(url).text


def test_the_same_file_sent_twice_is_one(rep: Visitor, url: str, kept: Any, disk: Any):
    send(rep, url, ("logo.pdf", PDF))
    send(rep, url, ("logo.pdf", PDF))
    assert len(kept()) == 1
    assert len(list(objects(disk))) == 1


def test_a_customers_files_take_no_more_than_the_quota(
    app: Flask, rep: Visitor, url: str, kept: Any, monkeypatch: Any, capfd: Any
):
    monkeypatch.setitem(app.config, "FILES_QUOTA", len(PDF) + 10)
    send(rep, url, ("logo.pdf", PDF))
    other = PDF + b"%another\n"
    answer = send(rep, url, ("other.pdf", other))
    assert answer.status_code == 422
    assert f"other.pdf has {len(other)} bytes, but only 10 bytes" in answer.text
    assert "file refused" in capfd.readouterr().out
    assert [file.name for file in kept()] == ["logo.pdf"]
    assert f"{len(PDF)} bytes of {len(PDF) + 10} bytes" in rep.get(url).text


def test_a_replaced_file_keeps_its_former_versions(rep: Visitor, url: str, kept: Any, disk: Any):
    send(rep, url, ("logo.pdf", PDF))
    (file,) = kept()
    second = PDF + b"%second\n"
    send(rep, f"{url}/{file.id}/versions", ("logo v2.pdf", second))
    assert "logo v2.pdf is version 2 now." in rep.get(url).text
    (file,) = kept()
    assert [v.number for v in file.versions] == [2, 1]
    assert rep.get(f"{url}/{file.id}/1", follow_redirects=True).data == PDF
    assert rep.get(f"{url}/{file.id}/2", follow_redirects=True).data == second


def test_a_refused_replacement_leaves_the_file_as_it_was(rep: Visitor, url: str, kept: Any):
    send(rep, url, ("logo.pdf", PDF))
    (file,) = kept()
    answer = send(rep, f"{url}/{file.id}/versions", ("logo.pdf", png(9, 9)))
    assert answer.status_code == 422
    assert "is a PNG picture by its content" in answer.text
    (file,) = kept()
    assert [v.number for v in file.versions] == [1]


def test_a_file_is_archived_and_restored_and_loses_nothing(rep: Visitor, url: str, kept: Any):
    send(rep, url, ("logo.pdf", PDF))
    (file,) = kept()
    assert (
        "logo.pdf is archived." in rep.post(f"{url}/{file.id}/archive", follow_redirects=True).text
    )
    assert "Archived (1)" in rep.get(url).text
    assert rep.get(f"{url}/{file.id}/1", follow_redirects=True).data == PDF
    rep.post(f"{url}/{file.id}/restore")
    assert "Archived (1)" not in rep.get(url).text
    assert kept()[0].archived_at is None


def test_what_was_done_with_a_file_is_in_the_trail(rep: Visitor, url: str, kept: Any, session: Any):
    from wholesale.audit.models import AuditEntry

    send(rep, url, ("logo.pdf", PDF))
    (file,) = kept()
    rep.post(f"{url}/{file.id}/archive")
    session.rollback()
    query = session.query(AuditEntry).filter_by(entity="stored_files", entity_id=str(file.id))
    entries = query.order_by(AuditEntry.id).all()
    assert [entry.action for entry in entries] == ["created", "updated"]
    assert all(entry.actor.startswith("Rita Rep") for entry in entries)


def test_two_at_once_do_not_both_take_what_is_left_of_the_quota(
    app: Flask, visit: Any, url: str, kept: Any, monkeypatch: Any
):
    monkeypatch.setitem(app.config, "FILES_QUOTA", len(PDF) + 30)
    people = [visit("sales"), visit("admin"), visit("ops")]
    with ThreadPoolExecutor() as beside:
        files = [(f"{n}.pdf", PDF + b"%" + bytes([48 + n])) for n in range(3)]
        sent = zip(people, files, strict=True)
        answers = list(beside.map(lambda one: send(one[0], url, one[1]).status_code, sent))
    assert sorted(answers) == [303, 422, 422]
    assert len(kept()) == 1
