"""Pictures: made anew in a job without what they carry along, and shown small."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageCms
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.files.conftest import PDF, content, objects, send
from tests.pictures import opened, photo, png
from tests.visitor import Visitor
from wholesale.files.tasks import process

Work = Callable[[], int]


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Return a picture as a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def test_a_picture_waits_for_its_job_and_says_so(rep: Visitor, url: str, kept: Any, work: Work):
    send(rep, url, ("logo.png", png(900, 600)))
    (file,) = kept()
    assert "Being prepared" in rep.get(url).text
    early = rep.get(f"{url}/{file.id}/1")
    assert (early.status_code, "being prepared" in early.text) == (409, True)
    work()
    text = rep.get(url).text
    assert "Being prepared" not in text
    assert f"{url}/{file.id}/1/thumbnail" in text
    assert rep.get(f"{url}/{file.id}/1", follow_redirects=True).status_code == 200


def test_a_photo_is_turned_upright_and_tells_nothing_of_its_camera(
    rep: Visitor, url: str, versions: Any, disk: Any, work: Work
):
    sent = photo(900, 600, orientation=6, maker="Spy Camera")
    send(rep, url, ("a.jpg", sent))
    work()
    (version,) = versions()
    data = content(disk, version)
    assert opened(data).format == "JPEG"
    assert opened(data).size == (version.width, version.height) == (600, 900)
    assert not opened(data).getexif()
    assert b"Spy" not in data
    assert version.byte_count == len(data)
    assert version.sha256 != version.sent_sha256


def test_the_thumbnail_has_320_pixels_at_most_and_is_kept_by_the_browser(
    rep: Visitor, url: str, kept: Any, work: Work
):
    send(rep, url, ("logo.png", png(900, 600)))
    work()
    address = f"{url}/{kept()[0].id}/1/thumbnail"
    answer = rep.get(address)
    assert (answer.content_type, opened(answer.data).size) == ("image/webp", (320, 213))
    again = rep.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_what_was_sent_is_forgotten_once_the_new_one_is_kept(
    rep: Visitor, url: str, versions: Any, disk: Any, work: Work, session: Session
):
    send(rep, url, ("logo.png", png(900, 600) + b"<script>alert(1)</script>"))
    (before,) = (version.object_key for version in versions())
    assert work() == 1
    (version,) = versions()
    assert version.object_key != before
    assert before in set(objects(disk))  # it may be confirmed once more
    session.execute(text("UPDATE procrastinate.procrastinate_jobs SET scheduled_at = now()"))
    session.commit()
    assert work() == 1
    assert set(objects(disk)) == {version.object_key, version.thumbnail_key}
    assert b"script" not in content(disk, version)


def test_a_colour_profile_for_printing_stays(
    rep: Visitor, url: str, versions: Any, disk: Any, work: Work
):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    sent = encoded(Image.new("CMYK", (60, 40)), "JPEG", icc_profile=profile)
    send(rep, url, ("print.jpg", sent))
    work()
    (version,) = versions()
    kept = opened(content(disk, version))
    assert (kept.mode, kept.info["icc_profile"]) == ("CMYK", profile)


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_what_moves_goes_on_moving(
    rep: Visitor, url: str, versions: Any, disk: Any, work: Work, kind: str
):
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "green", "blue")]
    sent = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=80)
    send(rep, url, (f"move.{kind.lower()}", sent))
    work()
    (version,) = versions()
    assert version.is_ready
    assert getattr(opened(content(disk, version)), "n_frames", 1) == 3


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "I;16"])
def test_a_png_of_any_mode_is_taken(rep: Visitor, url: str, versions: Any, work: Work, mode: str):
    send(rep, url, ("a.png", encoded(Image.new(mode, (50, 40)), "PNG")))
    work()
    assert versions()[0].is_ready


def test_a_picture_that_is_cut_off_fails_with_the_reason_and_what_was_sent_stays(
    rep: Visitor, url: str, versions: Any, disk: Any, work: Work, capfd: Any
):
    noise = Image.effect_noise((400, 400), 90)
    sent = encoded(noise, "PNG")[:4000]
    send(rep, url, ("cut.png", sent))
    work()
    (version,) = versions()
    assert version.state == "failed"
    assert content(disk, version) == sent
    assert "picture failed" in capfd.readouterr().out
    text = rep.get(url).text
    assert "Failed" in text
    assert "The picture is cut off or broken. Save it anew and replace it." in text
    refused = rep.get(f"{url}/{version.file_id}/1")
    assert (refused.status_code, "cut off or broken" in refused.text) == (409, True)


def test_the_job_done_twice_does_it_once(
    rep: Visitor, url: str, versions: Any, work: Work, app: Any, session: Session
):
    send(rep, url, ("logo.png", png(90, 60)))
    work()
    (before,) = versions()
    key = before.object_key
    with app.app_context():
        process(session, version_id=before.id)
    session.commit()
    assert versions()[0].object_key == key


def test_a_storage_that_is_away_is_tried_again(
    rep: Visitor, url: str, versions: Any, disk: Any, work: Work, monkeypatch: Any
):
    send(rep, url, ("logo.png", png(90, 60)))
    with monkeypatch.context() as patch:
        patch.setattr(disk, "root", disk.root / ("a" * 300))
        assert work() == 0
    assert versions()[0].state == "waiting"


def test_a_file_that_is_no_picture_needs_no_job(rep: Visitor, url: str, work: Work):
    send(rep, url, ("logo.pdf", PDF))
    assert work() == 0
    assert "Being prepared" not in rep.get(url).text
