"""Four fields: points on the right side of their borders, and names that do not lie on each other."""

import pandas as pd
import pytest

from mozg.charts import Unit, quadrants
from mozg.charts.quadrants import _HEIGHT, _SIDES, _WIDTH, _box, _labels, _overlap
from tests.charts.checked import checked

FIELDS = ("Star", "Puzzle", "Plowhorse", "Dog")


def drawn(rows):
    frame = pd.DataFrame(rows, columns=["dish", "x", "y"])
    return checked(quadrants)(
        frame, "dish", "x", "y", title="A title", unit=Unit(), axes=("Popularity", "Margin"), fields=FIELDS
    )


def test_what_is_weak_by_both_is_told_by_form_and_colour():
    figure = drawn([("Суп", 2, 2), ("鱼 & <chips>", 0.5, 0.5), ("Missing", None, 1)])
    (points,) = figure.data
    assert points.marker.symbol == ("circle", "diamond")
    assert points.marker.color[0] != points.marker.color[1]
    assert "鱼 &amp; &lt;chips&gt;" in points.hovertext[1]
    assert {note.text for note in figure.layout.annotations} >= {"<b>Star</b>", "<b>Dog</b>", "Суп"}
    assert "Star: 1; Puzzle: 0; Plowhorse: 0; Dog: 1" in figure.layout.meta["alt"]


def test_nothing_to_draw_is_said():
    assert "No data" in drawn([("Suppe", None, None)]).layout.annotations[0].text


@pytest.mark.parametrize("spread", [0.4, 0.7, 1.0])
def test_names_do_not_lie_on_each_other_nor_on_a_border_nor_beyond_the_edge(spread):
    places = [(n * 0.7 % 3 * spread, n * 1.3 % 3 * spread) for n in range(25)]
    rows = pd.DataFrame([(f"Блюдо {n} с длинным именем", *place) for n, place in enumerate(places)])
    rows.columns = ["name", "x", "y"]
    reach = (3.5, 3.5)
    labels = _labels(rows, reach, FIELDS)
    sides = {tuple(where.values())[:2]: side for side, where in _SIDES.items()}
    boxes = []
    for label in labels:
        at = label["x"] * _WIDTH / reach[0], label["y"] * _HEIGHT / reach[1]
        side = sides[label["xanchor"], label.get("yanchor", label.get("xshift"))]
        boxes.append(_box(at, 6.6 * len(label["text"]), side))
    assert len(boxes) == len({label["text"] for label in labels}) > 2
    assert all(box[0] >= 0 and box[1] >= 0 and box[2] <= _WIDTH and box[3] <= _HEIGHT for box in boxes)
    assert not any(_overlap(one, other) for at, one in enumerate(boxes) for other in boxes[at + 1 :])
    right, up = _WIDTH / reach[0], _HEIGHT / reach[1]
    crossing = [box for box in boxes if box[0] < right < box[2] or box[1] < up < box[3]]
    assert len(crossing) <= 4
    assert all(label["bgcolor"] for label in labels), "a border does not run through a name"
