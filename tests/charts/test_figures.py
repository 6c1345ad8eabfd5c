import datetime as dt
import json
from decimal import Decimal
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from mozg import charts
from mozg.charts import Unit, sparkline
from mozg.charts.figure import Figure
from tests.charts.checked import checked

compared_lines, forecast_band = checked(charts.compared_lines), checked(charts.forecast_band)
heat_map, stacked_share = checked(charts.heat_map), checked(charts.stacked_share)
movers, ranked_bars = checked(charts.movers), checked(charts.ranked_bars)

RUB = Unit("RUB", locale="ru")
EUR = Unit("EUR")


def days(count=10, start="2026-03-02"):
    return pd.DataFrame(
        {
            "day": pd.date_range(start, periods=count).date,
            "revenue": [Decimal("1000.10") + i for i in range(count)],
            "before": [900.0 + i for i in range(count)],
        }
    )


def dishes():
    names = [
        "Борщ",
        "Салат «Цезарь» с тигровыми креветками и соусом",
        "北京烤鸭店（三里屯分店）旗舰店中央大街",
        "<b>Pie & chips</b>",
    ]
    return pd.DataFrame(
        {
            "dish": names,
            "revenue": [Decimal("50.5"), Decimal("200"), None, Decimal("100")],
            "before": [40.4, 250.0, 10.0, None],
            "delta": [Decimal("10.1"), Decimal("-50"), None, Decimal("0")],
        }
    )


def hours():
    pairs = [(hour, weekday) for weekday in range(1, 8) for hour in (12, 13, 22, 23, 0, 1)]
    rows = [(hour, weekday, Decimal(hour + 100 * weekday)) for hour, weekday in pairs if (hour, weekday) != (12, 1)]
    return pd.DataFrame(rows, columns=["hour", "weekday", "revenue"])


def parts():
    return pd.DataFrame(
        {"day": pd.date_range("2026-03-02", periods=3), "kitchen": [30, 50, None], "bar": [Decimal(10), 50, 20]}
    )


def future():
    ds = pd.date_range("2026-03-12", periods=3)
    return pd.DataFrame({"ds": ds, "yhat": [10.0, 11, 12], "lo80": [8.0, 9, 9], "hi80": [13.0, 14, 15]})


def past():
    return days().rename(columns={"day": "ds", "revenue": "y"})


DRAWINGS = {
    "compared_lines": (lambda f, **k: compared_lines(f, "day", "revenue", "before", **k), days),
    "ranked_bars": (lambda f, **k: ranked_bars(f, "dish", "revenue", "before", **k), dishes),
    "movers": (lambda f, **k: movers(f, "dish", "delta", **k), dishes),
    "heat_map": (lambda f, **k: heat_map(f, **k), hours),
    "stacked_share": (lambda f, **k: stacked_share(f, "day", ["kitchen", "bar"], **k), parts),
    "forecast_band": (lambda f, **k: forecast_band(f, future().head(len(f)), **k), past),
}
every = pytest.mark.parametrize(("draw", "frame"), DRAWINGS.values(), ids=DRAWINGS)


def test_every_chart_is_looked_over():
    functions = {name: getattr(charts, name) for name in charts.__all__}
    drawing = {name for name, one in functions.items() if getattr(one, "__annotations__", {}).get("return") is Figure}
    assert drawing == {*DRAWINGS, "quadrants"}


@every
def test_an_empty_frame_says_so_in_the_readers_language(draw, frame):
    for none in (frame().head(0), pd.DataFrame()):
        figure = draw(none, title="Nothing sold", unit=RUB)
        assert [note.text for note in figure.layout.annotations] == ["Нет данных за этот период"]
        assert figure.layout.meta["alt"] == "Nothing sold. Нет данных за этот период"
        assert not figure.data


@every
def test_a_figure_is_light_svg_json_with_a_text_for_screen_readers(draw, frame):
    figure = draw(frame(), title="Revenue grew", unit=EUR)
    text = figure.to_json()
    assert len(text) < 12_000
    assert not any("gl" in trace.type for trace in figure.data)
    assert figure.layout.meta["alt"].startswith("Revenue grew. ")
    assert len(figure.layout.meta["alt"]) > len("Revenue grew. ") + 20
    assert "NaN" not in text


@every
def test_one_row_is_drawn(draw, frame):
    assert draw(frame().head(1), title="One", unit=EUR).data


@every
def test_a_misspelt_column_is_an_error_not_an_empty_figure(draw, frame):
    renamed = frame().rename(columns={name: f"{name}_" for name in ("revenue", "delta", "bar", "y")})
    with pytest.raises(KeyError):
        draw(renamed, title="t")


def test_two_years_of_days_stay_below_sixty_kilobytes():
    count = 730
    luck = np.random.default_rng(0).normal(250_000, 40_000, (count, 2))
    frame = days(count).assign(revenue=[Decimal(f"{v:.2f}") for v in luck[:, 0]], before=luck[:, 1].round(2))
    figure = compared_lines(frame, "day", "revenue", "before", title="Two years", unit=RUB)
    assert len(json.dumps(figure.to_plotly_json(), default=str)) < 60_000


def test_a_number_that_json_cannot_tell_is_an_error():
    with pytest.raises(ValueError, match="JSON"):
        Figure({"type": "bar", "y": [float("nan")]}).to_json()


def test_what_is_given_later_is_merged_into_what_stands_there():
    figure, axis = Figure(), {"tickfont": {"size": 12}}
    figure.update_xaxes(**axis)
    figure.update_xaxes(tickfont={"color": "red"}, range=[0, 1])
    figure.update_layout(xaxis={"range": [1, 2]})
    assert figure.layout == {"xaxis": {"tickfont": {"size": 12, "color": "red"}, "range": [1, 2]}}
    assert axis == {"tickfont": {"size": 12}}


def test_lines_hold_the_values_and_leave_gaps():
    frame = days().drop(index=4)
    frame.loc[6, "revenue"] = None
    figure = compared_lines(frame, "day", "revenue", "before", title="t", unit=EUR)
    before, now = figure.data
    assert list(now.y) == [1000.1, 1001.1, 1002.1, 1003.1, None, 1005.1, None, 1007.1, 1008.1, 1009.1]
    assert before.y[4] is None
    assert before.y[6] == 906
    assert list(now.x)[:2] == ["2026-03-02", "2026-03-03"]
    assert "markers" in now.mode  # 7 March stands alone between two gaps
    assert now.connectgaps is False


def test_months_are_not_filled_with_days():
    frame = pd.DataFrame({"day": pd.date_range("2026-01-01", periods=4, freq="MS"), "revenue": [1, 2, 3, 4]})
    assert len(compared_lines(frame, "day", "revenue", title="t").data[0].x) == 4


def test_weekends_are_shaded_and_holidays_marked_by_name():
    holidays = {dt.date(2026, 3, 8): "Women's Day", dt.date(2026, 5, 1): "Labour Day"}
    figure = compared_lines(days(14), "day", "revenue", title="t", unit=EUR, holidays=holidays)
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [
        ("2026-03-06T12:00:00", "2026-03-08T12:00:00"),
        ("2026-03-13T12:00:00", "2026-03-15T12:00:00"),
    ]
    marked = figure.data[-1]
    assert (list(marked.x), list(marked.text)) == (["2026-03-08"], ["Women's Day"])
    assert not compared_lines(days(300), "day", "revenue", title="t").layout.shapes


def test_bars_rank_what_is_known_and_tell_the_change():
    figure = ranked_bars(dishes(), "dish", "revenue", "before", title="t", unit=EUR)
    assert list(figure.data[0].x) == [200.0, 100.0, 50.5]
    assert [note.text for note in figure.layout.annotations] == ["€200  −20%", "€100", "€50.5  +25%"]
    assert list(figure.data[1].x) == [250.0, None, 40.4]
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]  # largest on top


def test_names_are_shortened_on_the_axis_whole_on_hover_and_carry_no_markup():
    figure = ranked_bars(dishes(), "dish", "revenue", title="t", unit=EUR)
    assert figure.layout.yaxis.ticktext[0] == "Салат «Цезарь» с<br>тигровыми…"
    assert figure.data[0].customdata[0] == "Салат «Цезарь» с тигровыми креветками и соусом"
    assert figure.data[0].customdata[1] == "&lt;b&gt;Pie &amp; chips&lt;/b&gt;"


def test_the_rest_is_summed_only_when_that_makes_sense():
    frame = pd.DataFrame({"dish": list("abcde"), "revenue": [50, 40, 30, 20, 10]})
    summed = ranked_bars(frame, "dish", "revenue", title="t", unit=EUR, top=2, additive=True)
    assert list(summed.data[0].x) == [50, 40, 60]
    assert summed.layout.yaxis.ticktext[-1] == "Others (3)"
    cut = ranked_bars(frame, "dish", "revenue", title="t", unit=EUR, top=2)
    assert list(cut.data[0].x) == [50, 40]
    assert cut.layout.annotations[-1].text == "The first 2 of 5"


def test_movers_carry_a_sign_beside_the_colour():
    frame = pd.DataFrame({"dish": list("abcdef"), "delta": [5, -7, None, 0, 30, -1]})
    figure = movers(frame, "dish", "delta", title="t", unit=EUR, top=1)
    assert list(figure.data[0].x) == [30, -7]
    assert [note.text for note in figure.layout.annotations] == ["+€30", "−€7"]
    assert len(set(figure.data[0].marker.color)) == 2


def test_a_rise_of_what_should_fall_has_the_colour_of_what_is_bad():
    frame = pd.DataFrame({"cause": ["Purchase", "Demand", "Discounts"], "points": [0.98, -0.017, 0.0]})
    unit = Unit(noun="points", locale="en")
    costs, sales = (movers(frame, "cause", "points", title="t", unit=unit, better=way) for way in ("down", "up"))
    assert [note.text for note in costs.layout.annotations] == ["+0.98 pp", "−0.02 pp"]
    assert tuple(costs.data[0].marker.color) == tuple(reversed(sales.data[0].marker.color))
    assert unit.full(-0.001) == "0 pp"


def test_hours_after_midnight_end_the_business_day_and_closed_hours_are_gaps():
    heat = heat_map(hours(), title="t", unit=RUB).data[0]
    assert (heat.x[0], heat.x[-2:]) == ("12", ("00", "01"))
    assert heat.z[0][0] is None
    assert heat.z[1][0] == 212
    assert heat.z[6][-1] == 701
    assert list(heat.y) == ["Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс"]


def test_shares_sum_to_a_hundred_and_a_missing_part_is_a_gap():
    kitchen, bar = stacked_share(parts(), "day", ["kitchen", "bar"], title="t", unit=EUR).data
    assert (list(kitchen.y), list(bar.y)) == ([75, 50, None], [25, 50, None])
    assert list(bar.customdata) == [10, 50, 20]


def test_more_parts_than_colours_become_others():
    frame = pd.DataFrame({"day": ["2026-03-02"], **{f"p{i}": [10] for i in range(8)}})
    figure = stacked_share(frame, "day", [f"p{i}" for i in range(8)], title="t")
    assert [trace.name for trace in figure.data] == ["p0", "p1", "p2", "p3", "p4", "Others (3)"]
    assert figure.data[-1].y[0] == 37.5


def test_the_band_lies_between_its_bounds_and_history_keeps_its_gaps():
    low, high, known, expected = forecast_band(past().drop(index=4), future(), title="t", unit=EUR).data
    assert (list(low.y), list(high.y), list(expected.y)) == ([8, 9, 9], [13, 14, 15], [10, 11, 12])
    assert high.fill == "tonexty"
    assert known.y[4] is None


def test_a_sparkline_is_valid_svg_with_gaps():
    root = ElementTree.fromstring(sparkline([1, 2, None, Decimal(4), 3], alt='Revenue "up" <3'))
    drawn = [child.tag.split("}")[1] for child in root]
    assert drawn == ["polyline", "polyline", "circle"]
    assert root.get("aria-label") == 'Revenue "up" <3'
    highest = root[1].get("points").split()[0]
    assert highest.split(",")[1] == "4.0"


@pytest.mark.parametrize(("values", "shapes"), [([], 0), ([None, None], 0), ([5], 2), ([3, 3, 3], 2)])
def test_sparklines_of_nothing_and_of_one_value(values, shapes):
    assert len(ElementTree.fromstring(sparkline(values))) == shapes
