"""JPEG and PNG: decoded and written anew, without place, camera, comments, further frames or anything appended."""

from __future__ import annotations

import io
import struct
import zlib
from threading import Lock

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile, get_sampling

from portal.web.papers.verdicts import BULKY, DAMAGED, MANY_PIXELS, PaperUnfit

MOST_PIXELS = 50_000_000  # parameter of ours: the camera of a telephone; A4 at 600 dpi has 35 million
LARGEST_WRITTEN = 40 * 1024 * 1024  # bytes: a picture that grows to more than this when written anew hides something
_BROKEN = (OSError, ValueError, SyntaxError, TypeError, LookupError, ArithmeticError, struct.error, zlib.error)
_one_at_a_time = Lock()  # fifty million pixels take 200 MB while they are turned


def cleaned(content: bytes) -> bytes:
    """Return the picture, upright, as the same kind.

    :raises PaperUnfit: it cannot be decoded to its end, or has too many pixels.
    """
    try:
        with _one_at_a_time, Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise _too_many_pixels()
            written = _written_anew(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except _BROKEN:
        raise PaperUnfit(DAMAGED) from None
    if len(written) > LARGEST_WRITTEN:
        raise PaperUnfit(BULKY)
    return written


def pixels_of(content: bytes) -> int:
    """As its head says, before anything is decoded; ``cleaned`` finds out what is no picture."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            return picture.width * picture.height
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except _BROKEN:
        return 0


def _written_anew(picture: Image.Image) -> bytes:
    picture.load()
    how: dict[str, object] = {}
    if isinstance(picture, JpegImageFile):
        # Its own tables: written anew with others, a scan would lose sharpness each time.
        how = {"qtables": picture.quantization, "subsampling": get_sampling(picture)}
        if how["subsampling"] == -1:  # an uncommon one; the default serves
            del how["subsampling"]
    upright = ImageOps.exif_transpose(picture)
    kind = picture.format
    upright.info = {name: value for name, value in picture.info.items() if name == "transparency"}
    stream = io.BytesIO()
    upright.save(stream, kind, **how)
    return stream.getvalue()


def _too_many_pixels() -> PaperUnfit:
    return PaperUnfit(MANY_PIXELS, most=MOST_PIXELS // 1_000_000)
