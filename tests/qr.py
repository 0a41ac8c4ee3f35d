"""What a telephone reads from a QR code on a page: the picture is drawn as a browser would and given to a decoder."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote
from xml.etree import ElementTree

import zxingcpp
from PIL import Image

SCALE = 4
_STROKES = re.compile(r"([Mmh])(-?[\d.]+)(?: ?(-?[\d.]+))?")


def words_in(page: str, alt: str) -> str:
    """The words in the one QR code of the page with that alternative text."""
    (source,) = re.findall(rf'<img src="data:image/svg\+xml;[^,"]*,([^"]+)" alt="{re.escape(alt)}"', page)
    (found,) = zxingcpp.read_barcodes(_drawn(unquote(unescape(source))))
    return str(found.text)


def _drawn(svg: str) -> Image.Image:
    """Horizontal strokes, one module high, are all that segno draws."""
    drawing = ElementTree.fromstring(svg)  # noqa: S314 -- our own page
    (path,) = drawing.iter("{http://www.w3.org/2000/svg}path")
    side = int(drawing.attrib["width"]) // SCALE
    picture, x, y = Image.new("L", (side, side), 255), 0.0, 0.0
    for stroke, first, second in _STROKES.findall(path.attrib["d"]):
        if stroke == "h":
            picture.paste(0, (int(x), int(y), int(x + float(first)), int(y) + 1))
            x += float(first)
        else:
            start_x, start_y = (0.0, 0.0) if stroke == "M" else (x, y)
            x, y = start_x + float(first), start_y + float(second)
    return picture.resize((side * SCALE, side * SCALE), Image.Resampling.NEAREST)
