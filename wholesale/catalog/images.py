"""Pictures of products: checked by their content, made small and bare, kept in the database."""

import hashlib
import io
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps
from sqlalchemy import select
from sqlalchemy.orm import Session

from wholesale.audit.recording import note
from wholesale.catalog.models import Product, ProductImage
from wholesale.core.errors import Invalid, NotVisible

LARGEST_FILE = 10 * 1024 * 1024
LARGEST_BODY = 50 * 1024 * 1024  # of one upload, all files together
MOST_PIXELS = 40_000_000
MOST_IMAGES = 24
SIDE, THUMBNAIL_SIDE = 1600, 160
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
CONTENT_TYPE = "image/webp"
PLACES = ("first", "earlier", "later")
# What the decoders raise on files that are cut off, broken, or made to break them.
UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, IndexError, struct.error, MemoryError)


@dataclass(frozen=True)
class Picture:
    """An image as it is kept: re-encoded, upright, without metadata."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """What tells it from every other picture."""
        return hashlib.sha256(self.content).hexdigest()


def read_picture(data: bytes, name: str) -> Picture:
    """Check and re-encode the file ``name``. Raises Invalid with a sentence about it."""
    if len(data) > LARGEST_FILE:
        raise Invalid(f"{name}: a picture has {LARGEST_FILE // 1024**2} MB at most.")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            image.draft("RGB", (SIDE, SIDE))
            upright = ImageOps.exif_transpose(image)
            clear = upright.has_transparency_data
            bare = upright.convert("RGBA" if clear else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        words = f"{name}: a picture has {MOST_PIXELS // 1_000_000} megapixels at most."
        raise Invalid(words) from None
    except UNREADABLE:
        raise Invalid(f"{name} is not a picture: choose JPEG, PNG, WebP or GIF.") from None
    bare.info = {}
    bare.thumbnail((SIDE, SIDE))
    small = bare.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Picture(_encoded(bare), _encoded(small), bare.width, bare.height)


def _encoded(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=82, method=4)
    return buffer.getvalue()


def add_images(session: Session, product: Product, files: Iterable[tuple[str, bytes]]) -> int:
    """Add pictures behind those a product has; one it has already is left out.

    Returns how many were added. Raises Invalid when a file is none, and adds nothing then.
    """
    pictures = {}
    for name, data in files:
        picture = read_picture(data, name)
        pictures[picture.sha256] = picture
    known = {image.sha256 for image in product.images}
    fresh = [picture for sha256, picture in pictures.items() if sha256 not in known]
    if len(known) + len(fresh) > MOST_IMAGES:
        raise Invalid(f"A product has {MOST_IMAGES} pictures at most.")
    last = max((image.position for image in product.images), default=-1)
    for position, picture in enumerate(fresh, last + 1):
        product.images.append(_row(picture, position))
        note(session, "added a picture to", "products", product.id, sha256=picture.sha256)
    session.flush()
    return len(fresh)


def _row(picture: Picture, position: int) -> ProductImage:
    return ProductImage(
        position=position,
        content=picture.content,
        thumbnail=picture.thumbnail,
        content_type=CONTENT_TYPE,
        width=picture.width,
        height=picture.height,
        byte_count=len(picture.content),
        sha256=picture.sha256,
    )


def image_of(product: Product, key: int) -> ProductImage:
    """Return one picture of ``product``. Raises NotVisible when it has no such one."""
    found = next((image for image in product.images if image.id == key), None)
    if found is None:
        raise NotVisible("There is no such picture.")
    return found


def served_image(session: Session, sku: str, key: int) -> ProductImage:
    """Return one picture by its address, its bytes still unread. Raises NotVisible."""
    query = select(ProductImage).join(ProductImage.product)
    found = session.scalar(query.where(ProductImage.id == key, Product.sku == sku))
    if found is None:
        raise NotVisible("There is no such picture.")
    return found


def describe_image(
    session: Session, product: Product, image: ProductImage, values: dict[str, Any]
) -> None:
    """Change a picture's text or the variant that it shows."""
    for name, value in values.items():
        setattr(image, name, value)
    if values:
        note(session, "described a picture of", "products", product.id, **values)
    session.flush()


def place_image(session: Session, product: Product, image: ProductImage, place: str) -> None:
    """Make a picture the primary one (``first``), or move it past its neighbour."""
    rows = list(product.images)
    at = rows.index(image)
    to = {"first": 0, "earlier": at - 1}.get(place, at + 1)
    rows.insert(min(max(to, 0), len(rows) - 1), rows.pop(at))
    for position, row in enumerate(rows):
        row.position = position
    note(session, "moved a picture of", "products", product.id, place=place)
    session.flush()
    session.expire(product, ["images"])


def delete_image(session: Session, product: Product, image: ProductImage) -> None:
    """Delete a picture; the next one becomes the primary one if it was that."""
    note(session, "deleted a picture of", "products", product.id, sha256=image.sha256)
    product.images.remove(image)
    session.flush()
