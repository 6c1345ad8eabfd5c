"""A figure's SVG made ready for paper.

Plotly draws a heat map as a bitmap inside its SVG, which is soft in print: here it becomes rectangles again.
WeasyPrint (70) paints nothing for a gradient measured in parts of its shape, as Plotly writes for a colour bar: here
it is measured in the drawing's own units. And it finds no font after a blank in a list of fonts: here are none.
"""

import base64
import io
import re
from itertools import pairwise, product
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
from PIL import Image

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_PNG = "data:image/png;base64,"
_FILL = re.compile(r"fill:\s*url\(['\"]?#([\w-]+)")
_FONTS = re.compile(rb"font-family:[^;\"]*")
_MOST = 20_000


def for_paper(svg: bytes) -> bytes:
    """Return the SVG with bitmaps that are made of rectangles as these rectangles, and gradients that print.

    A bitmap of more than 20,000 rectangles is a photograph or a smooth gradient and stays as it is.
    """
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    svg = _FONTS.sub(lambda fonts: fonts[0].replace(b", ", b","), svg)
    root = ET.fromstring(svg)  # noqa: S314  # drawn by our own browser
    for parent in list(root.iter()):
        for place, child in enumerate(list(parent)):
            if child.tag == f"{{{_SVG}}}image" and _link(child).startswith(_PNG):
                parent[place] = _as_rectangles(child)
    _measure_gradients(root)
    return ET.tostring(root)


def _link(image: ET.Element) -> str:
    return image.get(f"{{{_XLINK}}}href", "")


def _as_rectangles(image: ET.Element) -> ET.Element:
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(_link(image)[len(_PNG) :]))).convert("RGBA"))
    rows, columns = _edges(pixels, 0), _edges(pixels, 1)
    if (len(rows) - 1) * (len(columns) - 1) > _MOST:
        return image
    return _group(image, pixels, rows, columns)


def _edges(pixels: Any, axis: int) -> list[int]:
    """Where the picture changes along `axis`, with both ends."""
    changed = (np.diff(pixels.astype(int), axis=axis) != 0).any(axis=(1 - axis, 2))
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


def _measure_gradients(root: ET.Element) -> None:
    gradients = {node.get("id"): node for node in root.iter(f"{{{_SVG}}}linearGradient")}
    for rect in root.iter(f"{{{_SVG}}}rect"):
        used = _FILL.search(rect.get("style", ""))
        gradient = gradients.get(used[1]) if used else None
        if gradient is not None and gradient.get("gradientUnits") == "objectBoundingBox":
            _measure(gradient, rect)


def _measure(gradient: ET.Element, rect: ET.Element) -> None:
    gradient.set("gradientUnits", "userSpaceOnUse")
    for axis, length in (("x", "width"), ("y", "height")):
        start, size = float(rect.get(axis, 0)), float(rect.get(length, 0))
        for end in ("1", "2"):
            gradient.set(axis + end, f"{start + size * float(gradient.get(axis + end, 0)):g}")
