"""Pictures are decoded and encoded anew, so that nothing but the picture is kept."""

import io
import warnings
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

MAX_PIXELS = 40_000_000
#: The longer side of a small picture, in pixels.
THUMBNAIL_SIDE = 240
_FORMATS = {"png": "PNG", "jpg": "JPEG"}


class Picture(NamedTuple):
    """A picture written anew, and a small JPEG of it for lists."""

    content: bytes
    thumbnail: bytes


def reencoded(content: bytes, *, name: str, kind: str) -> Picture:
    """The same picture without position, camera data, comments and whatever else travelled with it.

    ``kind`` is "png" or "jpg". Raises ValidationError when it has too many pixels or cannot be read.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=[_FORMATS[kind]])
        if image.width * image.height > MAX_PIXELS:
            raise Image.DecompressionBombError
        upright = ImageOps.exif_transpose(image)
        plain = upright.convert(_plain_mode(upright, kind))
        plain.info.clear()
        fresh = io.BytesIO()
        if kind == "jpg":
            plain.save(fresh, "JPEG", quality=88, optimize=True)
        else:
            plain.save(fresh, "PNG")
        thumbnail = _thumbnail(plain)
    except Image.DecompressionBombError as error:
        raise ValidationError(
            _("“%(name)s” has more than %(limit)d million pixels. Make the picture smaller."),
            code="too_many_pixels",
            params={"name": name, "limit": MAX_PIXELS // 1_000_000},
        ) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise ValidationError(
            _("“%(name)s” is damaged and cannot be opened as a picture."),
            code="damaged",
            params={"name": name},
        ) from error
    return Picture(fresh.getvalue(), thumbnail)


def _thumbnail(plain: Image.Image) -> bytes:
    """A small JPEG, on white where the picture is transparent."""
    small = plain.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    layered = small.convert("RGBA")
    ground = Image.new("RGB", layered.size, "white")
    ground.paste(layered, mask=layered.getchannel("A"))
    file = io.BytesIO()
    ground.save(file, "JPEG", quality=80, optimize=True)
    return file.getvalue()


def _plain_mode(image: Image.Image, kind: str) -> str:
    if kind == "jpg":
        return "L" if image.mode == "L" else "RGB"
    if image.mode in ("1", "L", "LA", "RGB", "RGBA") and "transparency" not in image.info:
        return image.mode
    return "RGBA" if image.mode in ("P", "LA", "RGBA") or "transparency" in image.info else "RGB"
