import base64
import io
import re

from PIL import Image, ImageDraw

from mozg.reports.vector import for_paper

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="100">'
    "{inside}</svg>"
)


def _embedded(picture: Image.Image, width: int, height: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    data = base64.b64encode(file.getvalue()).decode()
    box = f'x="5" y="7" width="{width}" height="{height}"'
    return SVG.format(inside=f'<image {box} xlink:href="data:image/png;base64,{data}"/>').encode()


def test_a_heat_map_becomes_its_cells() -> None:
    picture = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 17, 17), fill=(255, 0, 0, 255))
    draw.rectangle((20, 0, 37, 17), fill=(0, 0, 255, 128))
    drawn = for_paper(_embedded(picture, 80, 40)).decode()
    assert "<image" not in drawn
    assert "translate(5 7) scale(2 2)" in drawn
    cells = re.findall(
        r'<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)" fill="([^"]+)" fill-opacity="([^"]+)"', drawn
    )
    assert cells == [
        ("0", "0", "18", "18", "rgb(255,0,0)", "1"),
        ("20", "0", "18", "18", "rgb(0,0,255)", "0.501961"),
    ]


def test_a_photograph_stays_a_bitmap() -> None:
    noise = Image.effect_noise((200, 200), 80).convert("RGBA")
    assert b"<image" in for_paper(_embedded(noise, 200, 200))


def test_a_gradient_is_measured_in_the_drawings_units() -> None:
    gradient = '<linearGradient id="bar" x1="0" y1="1" x2="0" y2="0" gradientUnits="objectBoundingBox"/>'
    bar = """<rect style="fill: url('#bar');" x="30" y="10" width="20" height="100"/>"""
    drawn = for_paper(SVG.format(inside=gradient + bar).encode()).decode()
    assert 'x1="30" y1="110" x2="30" y2="10" gradientUnits="userSpaceOnUse"' in drawn


def test_fonts_are_listed_without_blanks() -> None:
    text = """<text style="font-family: Inter, 'Noto Sans', Arial; fill: red;">Борщ</text>"""
    assert "Inter,'Noto Sans',Arial; fill" in for_paper(SVG.format(inside=text).encode()).decode("utf-8")
