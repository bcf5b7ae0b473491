"""Pictures for the tests, drawn on the spot: plain ones, turned ones, and files that are none."""

import io

from PIL import Image


def png(width: int, height: int, colour: str = "navy") -> bytes:
    """Return a PNG of one colour."""
    return _encoded(Image.new("RGB", (width, height), colour), "PNG")


def photo(width: int, height: int, *, orientation: int = 1, maker: str = "") -> bytes:
    """Return a JPEG that says how it was held and by which camera."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = maker
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "maroon").save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def bomb() -> bytes:
    """Return a small file that would unfold to more than forty megapixels."""
    return _encoded(Image.new("1", (8000, 6000)), "PNG")


def opened(data: bytes) -> Image.Image:
    """Return a picture as the browser would open it."""
    return Image.open(io.BytesIO(data))


def _encoded(image: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()
