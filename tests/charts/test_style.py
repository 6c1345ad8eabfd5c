from itertools import combinations, pairwise

import numpy as np
import plotly.graph_objects as go
import pytest

from mozg.charts import Unit, change, percent
from mozg.charts.style import (
    BAD,
    BEFORE,
    GOOD,
    INK,
    MUTED,
    NOW,
    PALETTE,
    PAPER,
    SCALE,
    TEMPLATE,
    blank,
    ellipsis,
    label,
    lines,
    untitled,
)
from mozg.charts.units import floats, ticks
from mozg.settings import settings
from tests.charts.checked import checked

# Machado, Oliveira & Fernandes 2009, full severity, on linear RGB.
SIGHT = {
    "all cones": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear(color):
    srgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    light, dark = sorted((float(linear(c) @ XYZ[1]) for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb):
    xyz = XYZ @ np.clip(rgb, 0, 1) / [0.95047, 1, 1.08883]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one, other, sight):
    seen = [lab(np.array(SIGHT[sight]) @ linear(color)) for color in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


@pytest.mark.parametrize("color", [*PALETTE, NOW, BEFORE, GOOD, BAD])
def test_every_data_colour_stands_out_from_paper(color):
    assert contrast(color, PAPER) >= 3


@pytest.mark.parametrize("color", [INK, MUTED])
def test_text_is_legible(color):
    assert contrast(color, PAPER) >= 4.5


def turned(color):
    """The colour that ``colors.css`` makes of one in the dark: CSS's own invert(.92) and hue-rotate(180deg)."""
    inverted = 0.92 - 0.84 * np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    weights = np.array([0.213, 0.715, 0.072])
    rotated = np.clip(2 * weights @ inverted - inverted, 0, 1)
    return "#" + "".join(f"{round(part * 255):02X}" for part in rotated)


def test_in_the_dark_figures_stand_out_from_the_page_as_well():
    dark, path = turned(PAPER), settings().project_path / "reports/templates/voila/colors.css"
    colors = path.read_text()
    assert f"--paper: light-dark({PAPER.lower()}, {dark.lower()})" in colors
    assert min(contrast(turned(color), dark) for color in (*PALETTE, NOW, BEFORE, GOOD, BAD)) >= 3
    assert min(contrast(turned(color), dark) for color in (INK, MUTED)) >= 4.5


@pytest.mark.parametrize("sight", SIGHT)
def test_colours_hold_apart_for_every_eye(sight):
    assert min(apart(one, other, sight) for one, other in combinations(PALETTE, 2)) >= 15
    assert apart(NOW, BEFORE, sight) >= 20
    assert apart(GOOD, BAD, sight) >= 40


def test_the_heat_scale_darkens_in_even_steps():
    steps = [lab(linear(a))[0] - lab(linear(b))[0] for a, b in pairwise(SCALE)]
    assert min(steps) > 8
    assert max(steps) - min(steps) < 3


def test_a_long_title_is_wrapped_and_never_cut():
    title = "Выручка в марте выросла на 7,4 % против прошлого года, больше всего в выходные дни"
    figure = checked(blank)(title, Unit())
    written = figure.layout.title.text.replace("<b>", "").replace("</b>", "").split("<br>")
    assert len(written) == 3
    assert max(map(len, written)) <= 38
    assert " ".join(written) == title
    assert figure.layout.margin.t > blank("Short", Unit()).layout["margin"]["t"]


def test_a_page_takes_the_title_out_and_loses_no_room_to_it():
    short, long = (blank(title, Unit()).layout for title in ("Short", "A longer title " * 6))
    assert untitled(short)["height"] == untitled(long)["height"] < short["height"]
    assert untitled(short)["margin"] == untitled(long)["margin"]
    assert "title" not in untitled(long)
    assert untitled({"title": {"text": "Somebody's own"}}) == {"title": {"text": "Somebody's own"}}


def test_what_binds_is_not_broken():
    assert lines("Ниже на 145\xa0тыс.\xa0₽ в 2026\u202fг.", 12) == ["Ниже на", "145\xa0тыс.\xa0₽ в", "2026\u202fг."]
    assert lines("  two  words\n", 20) == ["two words"]


def test_words_without_blanks_are_broken_by_their_width():
    assert lines("北京烤鸭店旗舰店", 8) == ["北京烤鸭", "店旗舰店"]
    assert lines("Rindfleischetikettierung", 10) == ["Rindfleisc", "hetikettie", "rung"]
    assert lines("", 10) == [""]
    assert ellipsis("北京烤鸭店", 6) == "北京…"
    assert label("Fish & <i>Chips</i>", 12) == "Fish &amp;<br>&lt;i&gt;Chips&lt;/i&gt;"


def test_the_template_is_small_and_opaque():
    template = go.layout.Template(TEMPLATE)
    assert len(str(template.to_plotly_json())) < 3000
    assert "data" not in template.to_plotly_json()
    assert template.layout.paper_bgcolor == PAPER
    assert "Noto Sans" in template.layout.font.family


@pytest.mark.parametrize(
    ("unit", "value", "compact", "full"),
    [
        (Unit("EUR"), 1_234_567.8, "€1.23M", "€1,234,568"),
        (Unit("EUR"), 12.5, "€12.5", "€12.50"),
        (Unit("RUB"), 340_000, "₽340K", "₽340,000"),
        (Unit("RUB", locale="ru"), 340_000, "340\xa0тыс.\xa0₽", "340\xa0000\xa0₽"),
        (Unit("RUB", locale="ru"), -1_250_000, "−1,25\xa0млн\xa0₽", "−1\xa0250\xa0000\xa0₽"),
        (Unit(noun="checks"), 1234, "1.23K", "1,234 checks"),
        (Unit(share=True, locale="ru"), 0.0423, "4,2\xa0%", "4,2\xa0%"),
        (Unit("EUR"), 0, "€0", "€0"),
        (Unit("EUR"), None, "—", "—"),
    ],
)
def test_amounts_as_people_write_them(unit, value, compact, full):
    assert (unit.compact(value), unit.full(value)) == (compact, full)


def test_what_is_written_as_nothing_has_no_sign():
    yen, roubles = Unit("JPY", locale="en"), Unit("RUB", locale="en")
    assert [yen.full(value, signed=True) for value in (0.4, -0.4, 0, 12.6, -3)] == ["¥0", "¥0", "¥0", "+¥13", "−¥3"]
    assert [roubles.full(value, signed=True) for value in (0.001, 0.25, None)] == ["₽0", "+₽0.25", "—"]


def test_percentages_and_changes():
    assert [percent(v, signed=True) for v in (0.1234, -0.05, 0.004, 0.0, None)] == ["+12%", "−5%", "+0.4%", "0%", "—"]
    assert percent(0.1234, "ru") == "12\xa0%"
    assert change(110, 100) == pytest.approx(0.1)
    assert [change(1, 0), change(None, 1), change(1, None), change(1, -5)] == [None] * 4


def test_hover_numbers_follow_the_locale():
    assert Unit("RUB", locale="ru").hover("y") == "%{y:,.2~f}\xa0₽"
    assert Unit("RUB", locale="ru").separators() == ",\xa0"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 950, [0, 250, 500, 750, 1000]), (-30, 70, [-50, -25, 0, 25, 50, 75]), (0, 0, [0, 0.25])],
)
def test_ticks_are_round_and_enclose_the_values(low, high, expected):
    assert ticks(low, high) == expected


def test_missing_numbers_stay_missing():
    assert floats([1, None, float("nan"), float("inf")]) == [1.0, None, None, None]
