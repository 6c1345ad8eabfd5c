"""The few words that a figure says by itself, in the reader's language. Titles come from the caller."""

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "empty": "No data for this period",
        "now": "This period",
        "before": "Comparison",
        "others": "Others ({n})",
        "top": "The first {shown} of {all}",
        "history": "Actual",
        "forecast": "Forecast",
        "band": "80 % band",
        "holiday": "Holiday",
        "line": "Line chart, {n} points from {first} to {last}; lowest {low}, highest {high}.",
        "bars": "Bar chart of {n}: {list}.",
        "heat": "Heat map of hours and weekdays; lowest {low}, highest {high} ({where}).",
        "shares": "Shares in % from {first} to {last}. Last: {list}.",
        "day": "%a %-d %b %Y",
        "short_day": "%-d %b",
        "month": "%b %Y",
        "weekdays": "Mon Tue Wed Thu Fri Sat Sun",
    },
    "ru": {
        "empty": "Нет данных за этот период",
        "now": "Этот период",
        "before": "Сравнение",
        "others": "Прочие ({n})",
        "top": "Первые {shown} из {all}",
        "history": "Факт",
        "forecast": "Прогноз",
        "band": "Интервал 80 %",
        "holiday": "Праздник",
        "line": "График, точек: {n}, с {first} по {last}; минимум {low}, максимум {high}.",
        "bars": "Столбцы, всего {n}: {list}.",
        "heat": "Тепловая карта по часам и дням недели; минимум {low}, максимум {high} ({where}).",
        "shares": "Доли в % с {first} по {last}. Последние: {list}.",
        "day": "%d.%m.%Y",
        "short_day": "%d.%m",
        "month": "%m.%Y",
        "weekdays": "Пн Вт Ср Чт Пт Сб Вс",
    },
}


def word(key: str, locale: str, **values: object) -> str:
    """Give a figure's own word or sentence in the language of `locale`; languages we do not speak read English.

    Formats of dates are d3's, and numeric in Russian: Plotly knows English month names only.
    """
    language = locale.replace("-", "_").split("_")[0]
    return _WORDS.get(language, _WORDS["en"])[key].format(**values)
