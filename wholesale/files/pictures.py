"""Pictures: their size checked before they unfold, made anew without what they carry along."""

import io
import struct
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageOps, ImageSequence

from wholesale.core.errors import Invalid

MOST_PIXELS = 50_000_000  # of all frames together
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
THUMBNAIL_SIDE = 320
THUMBNAIL_TYPE = "image/webp"
UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, IndexError, struct.error, MemoryError)
BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Remade:
    """A picture as it is kept: upright, in its own format, without metadata."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int


def measured(file: BinaryIO, name: str) -> tuple[int, int]:
    """Return width and height without unfolding the picture. Raises Invalid."""
    file.seek(0)
    try:
        with Image.open(file, formats=FORMATS) as image:
            _refuse_large(image)
            return image.size
    except BOMB:
        words = f"{name} has too many pixels: a picture has {MOST_PIXELS // 10**6} megapixels"
        raise Invalid(f"{words} at most, all its frames together.") from None
    except UNREADABLE:
        raise Invalid(f"{name} cannot be read as the picture it begins as.") from None


def remade(file: BinaryIO) -> Remade:
    """Decode a picture and write it anew. Raises Invalid when it is cut off or broken."""
    try:
        with Image.open(file, formats=FORMATS) as image:
            _refuse_large(image)
            kept = _animated(image) if _frames(image) > 1 else _still(image)
            image.seek(0)
            small = ImageOps.exif_transpose(image).convert(
                "RGBA" if image.has_transparency_data else "RGB"
            )
    except BOMB:
        raise Invalid("It has too many pixels.") from None
    except UNREADABLE:
        raise Invalid("The picture is cut off or broken. Save it anew and replace it.") from None
    width, height = small.size
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    small.info = {}
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=80)
    return Remade(kept, buffer.getvalue(), width, height)


def _refuse_large(image: Image.Image) -> None:
    if image.width * image.height * _frames(image) > MOST_PIXELS:
        raise Image.DecompressionBombError


def _frames(image: Image.Image) -> int:
    """Return how many pictures are shown one after the other; a camera's second one is none."""
    return 1 if image.format in ("JPEG", "MPO") else getattr(image, "n_frames", 1)


def _still(image: Image.Image) -> bytes:
    """Write one frame anew; its colour profile stays, which says how to print it."""
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    transparency = upright.info.get("transparency")
    upright.info = {} if transparency is None else {"transparency": transparency}
    kind = "JPEG" if image.format == "MPO" else image.format
    buffer = io.BytesIO()
    options = {"quality": 92} if kind in ("JPEG", "WEBP") else {}
    upright.save(buffer, kind, icc_profile=profile, exif=b"", **options)
    return buffer.getvalue()


def _animated(image: Image.Image) -> bytes:
    """Write all frames anew, with their times."""
    frames = [frame.convert("RGBA") for frame in ImageSequence.Iterator(image)]
    times = [frame.info.get("duration", 100) for frame in frames]
    for frame in frames:
        frame.info = {}
    buffer = io.BytesIO()
    loop = image.info.get("loop", 0)
    first, *rest = frames
    first.save(buffer, image.format, save_all=True, append_images=rest, duration=times, loop=loop)
    return buffer.getvalue()
