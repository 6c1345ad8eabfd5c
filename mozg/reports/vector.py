"""Heat maps as rectangles. Plotly draws a heat map as a bitmap inside its SVG, which is soft on paper."""

import base64
import io
from itertools import pairwise, product
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
from PIL import Image

_SVG = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"
_PNG = "data:image/png;base64,"
_MOST = 20_000


def without_bitmaps(svg: bytes) -> bytes:
    """Return the SVG with each embedded PNG that is made of rectangles replaced by these rectangles.

    A bitmap of more than 20,000 of them is a photograph or a smooth gradient and stays as it is.
    """
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ET.fromstring(svg)  # noqa: S314  # drawn by our own browser
    for parent in list(root.iter()):
        for place, child in enumerate(list(parent)):
            if child.tag == f"{{{_SVG}}}image" and child.get(_LINK, "").startswith(_PNG):
                parent[place] = _rectangles(child)
    return ET.tostring(root)


def _rectangles(image: ET.Element) -> ET.Element:
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(image.attrib[_LINK][len(_PNG) :]))).convert("RGBA"))
    rows, columns = _edges(pixels, 0), _edges(pixels, 1)
    if (len(rows) - 1) * (len(columns) - 1) > _MOST:
        return image
    return _group(image, pixels, rows, columns)


def _edges(pixels: Any, axis: int) -> list[int]:
    """Where the picture changes along `axis`, with both ends."""
    changed = (np.diff(pixels.astype(int), axis=axis) != 0).any(axis=tuple({0, 1, 2} - {axis}))
    return [0, *(np.flatnonzero(changed) + 1).tolist(), pixels.shape[axis]]


def _group(image: ET.Element, pixels: Any, rows: list[int], columns: list[int]) -> ET.Element:
    stretch_x = float(image.attrib["width"]) / pixels.shape[1]
    stretch_y = float(image.attrib["height"]) / pixels.shape[0]
    origin = f"translate({image.get('x', '0')} {image.get('y', '0')}) scale({stretch_x:g} {stretch_y:g})"
    group = ET.Element(f"{{{_SVG}}}g", {"transform": origin, "style": image.get("style", "")})
    for (top, bottom), (left, right) in product(pairwise(rows), pairwise(columns)):
        red, green, blue, alpha = (int(part) for part in pixels[top, left])
        if alpha:
            box = {"x": left, "y": top, "width": right - left, "height": bottom - top}
            paint = {"fill": f"rgb({red},{green},{blue})", "fill-opacity": f"{alpha / 255:g}"}
            ET.SubElement(group, f"{{{_SVG}}}rect", {name: str(size) for name, size in box.items()} | paint)
    return group
