"""Pictures: checked by content, made small and bare, served with care, never read in lists."""

import io
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.catalog.conftest import SCRIPT, changed
from tests.pictures import bomb, opened, photo, png
from tests.visitor import Visitor
from wholesale.catalog import images
from wholesale.catalog.models import Product, ProductImage, Variant
from wholesale.catalog.queries import listed_products

URL = "/products/JRS-1/images"


def upload(ops: Visitor, *files: bytes, name: str = "a.png", **kwargs: Any):
    """Send files through the form."""
    sent = [(io.BytesIO(data), name) for data in files]
    return ops.post(URL, {"files": sent}, content_type="multipart/form-data", **kwargs)


def shown(session: Session, cast: Cast) -> list[ProductImage]:
    """Return the jersey's pictures as the database holds them now."""
    session.rollback()
    return session.get_one(Product, cast.product).images


def test_several_pictures_are_added_at_once_and_the_first_is_the_primary_one(
    ops: Visitor, session: Session, cast: Cast
):
    assert upload(ops, png(3000, 1500), png(80, 60, "red")).location == "/products/JRS-1"
    assert "2 pictures added." in ops.get("/products/JRS-1").text
    first, second = shown(session, cast)
    assert (first.width, first.height, first.content_type) == (1600, 800, "image/webp")
    assert opened(first.content).size == (1600, 800)
    assert opened(first.thumbnail).size == (160, 80)
    assert opened(second.content).size == (80, 60)
    assert first.byte_count == len(first.content)
    assert f"/images/{first.id}/thumbnail" in ops.get("/products").text


def test_the_same_picture_twice_is_one(ops: Visitor, session: Session, cast: Cast):
    upload(ops, png(40, 40), png(40, 40))
    upload(ops, png(40, 40))
    assert len(shown(session, cast)) == 1


def test_a_photo_is_turned_upright_and_tells_nothing_of_its_camera(
    ops: Visitor, session: Session, cast: Cast
):
    upload(ops, photo(60, 40, orientation=6, maker="Spy Camera"), name="a.jpg")
    (picture,) = shown(session, cast)
    assert opened(picture.content).size == (40, 60)
    for data in (picture.content, picture.thumbnail):
        assert b"Spy" not in data
        assert not opened(data).getexif()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not a picture"),
        (b"<html><script>alert(1)</script></html>", "is not a picture"),
        (b"", "is not a picture"),
        (png(40, 40)[:60], "is not a picture"),
        (b"BM" + b"\0" * 60, "is not a picture"),
        (bomb(), "40 megapixels at most"),
        (b"\0" * (images.LARGEST_FILE + 1), "10 MB at most"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused_and_nothing_is_kept(
    ops: Visitor, session: Session, cast: Cast, data: bytes, words: str
):
    answer = upload(ops, png(40, 40), data, name="a.png")
    assert answer.status_code == 422
    assert words in answer.text
    assert shown(session, cast) == []


def test_no_file_is_said_beside_the_field_and_names_are_text(
    ops: Visitor, session: Session, cast: Cast
):
    assert "Choose at least one picture." in ops.post(URL).text
    answer = upload(ops, b"x", name=f"{SCRIPT}.png")
    assert answer.status_code == 422
    assert SCRIPT not in answer.text


def test_only_uploads_may_be_larger_than_four_megabytes(ops: Visitor, session: Session, cast: Cast):
    big = b"\0" * (5 * 1024 * 1024)
    assert upload(ops, big).status_code == 422  # it was read
    answer = ops.post("/products/JRS-1/variants", {"new.colours": "x" * (5 * 1024 * 1024)})
    assert answer.status_code == 413
    assert upload(ops, *[b"\0" * images.LARGEST_FILE] * 6).status_code == 413


def test_a_picture_is_served_to_be_kept_under_an_address_with_its_hash(
    ops: Visitor, rep: Visitor, session: Session, cast: Cast
):
    upload(ops, png(400, 300))
    (picture,) = shown(session, cast)
    full = f"{URL}/{picture.id}"
    for path, kept in ((full, picture.content), (f"{full}/thumbnail", picture.thumbnail)):
        answer = rep.get(f"{path}?v={picture.sha256[:12]}")
        assert answer.content_type == "image/webp"
        assert answer.data == kept
        headers = answer.headers
        assert headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Disposition"].startswith("inline; filename=")
        assert "img-src 'self'" in headers["Content-Security-Policy"]
        again = rep.get(path, headers={"If-None-Match": headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert rep.get(path).headers["Cache-Control"] == "private, no-cache"


def test_a_picture_of_another_product_is_not_there(ops: Visitor, session: Session, cast: Cast):
    upload(ops, png(40, 40))
    (picture,) = shown(session, cast)
    assert ops.get(f"/products/NONE/images/{picture.id}").status_code == 404
    assert ops.get(f"{URL}/{picture.id + 1}/thumbnail").status_code == 404
    assert ops.get(f"{URL}/99999999999").status_code == 404


def test_pictures_are_moved_described_tied_to_a_colour_and_deleted(
    ops: Visitor, session: Session, cast: Cast
):
    upload(ops, png(40, 40), png(41, 40), png(42, 40))
    keys = [picture.id for picture in shown(session, cast)]
    ops.hx_post(f"{URL}/{keys[2]}/first", target="images")
    ops.post(f"{URL}/{keys[0]}/later")
    ops.post(f"{URL}/{keys[1]}/earlier")
    assert [picture.id for picture in shown(session, cast)] == [keys[1], keys[2], keys[0]]
    navy = str(cast.variants["Navy"])
    form = changed({"alt_text": "", "variant_id": ""}, alt_text=SCRIPT, variant_id=navy)
    assert ops.post(f"{URL}/{keys[1]}/edit", form).status_code == 303
    first = shown(session, cast)[0]
    assert (first.alt_text, first.variant_id) == (SCRIPT, cast.variants["Navy"])
    assert SCRIPT not in ops.get("/products/JRS-1").text
    ops.post(f"/products/JRS-1/variants/{navy}/deletion")
    assert session.get(Variant, int(navy)) is None
    assert shown(session, cast)[0].variant_id is None
    ops.post(f"{URL}/{keys[1]}/deletion")
    assert [picture.id for picture in shown(session, cast)] == [keys[2], keys[0]]
    for words in ("added a picture to", "moved a picture of", "deleted a picture of"):
        assert words in ops.get("/products/JRS-1/history").text
    ops.post("/products/JRS-1/deletion")
    assert session.query(ProductImage).count() == 0


def test_a_colour_of_another_product_is_no_choice(ops: Visitor, session: Session, cast: Cast):
    upload(ops, png(40, 40))
    (picture,) = shown(session, cast)
    for strange in ("999999", "99999999999", "x"):
        assert ops.post(f"{URL}/{picture.id}/edit", {"variant_id": strange}).status_code == 422


def test_lists_leave_the_bytes_where_they_are(session: Session, cast: Cast):
    product = session.get_one(Product, cast.product)
    images.add_images(session, product, [("a.png", png(40, 40))])
    session.commit()
    session.expunge_all()
    found = session.scalars(listed_products()).unique().one()
    assert {"content", "thumbnail"} <= inspect(found.images[0]).unloaded


def test_there_is_an_end_to_pictures(
    ops: Visitor, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(images, "MOST_IMAGES", 1)
    assert "1 pictures at most" in upload(ops, png(40, 40), png(41, 40)).text
