"""What the chain cooks and pours: groups, dishes, and when guests want them.

A group's ``appetite`` is its share of orders at breakfast, lunch, dinner and late at night; ``heat`` is how much more
(or less) it sells on a hot day and in summer.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

DAYPARTS = ("breakfast", "lunch", "dinner", "late")


@dataclass(frozen=True)
class Group:
    """A menu group: its section, how often it is ordered by daypart, and the lure of its dishes in the heat."""

    name: str
    section: str
    appetite: tuple[float, float, float, float]
    heat: float
    food_cost: float
    dishes: tuple[tuple[str, int], ...]


SECTIONS = {"kitchen": "Кухня", "bar": "Бар"}

# Dishes stand in order of popularity: the n-th sells like 1/n within its group. Prices are roubles of January 2024.
MENU = (
    Group("Завтраки", "kitchen", (9, 1, 0.1, 0), 1.0, 0.26, (
        ("Сырники со сметаной", 420), ("Омлет с томатами", 380), ("Овсянка с ягодами", 320),
        ("Шакшука", 490), ("Драники с лососем", 590),
    )),
    Group("Супы", "kitchen", (0.3, 7, 2.5, 0.2), 0.6, 0.24, (
        ("Борщ с говядиной", 390), ("Куриная лапша", 320), ("Том ям", 590), ("Грибной крем-суп", 380),
        ("Окрошка на квасе", 360),
    )),
    Group("Салаты", "kitchen", (0.8, 5, 5, 1), 1.3, 0.28, (
        ("Цезарь с курицей", 490), ("Греческий", 430), ("Оливье с языком", 450), ("Салат с ростбифом", 620),
    )),
    Group("Закуски", "kitchen", (0.2, 1.5, 5, 7), 1.0, 0.30, (
        ("Брускетта с томатами", 360), ("Сырная тарелка", 890), ("Сельдь с картофелем", 390), ("Хумус с питой", 370),
        ("Куриные крылья", 480),
    )),
    Group("Горячее", "kitchen", (0.2, 6, 8, 2), 0.85, 0.33, (
        ("Котлета по-киевски", 590), ("Бефстроганов с пюре", 690), ("Лосось на гриле", 1190), ("Бургер фирменный", 650),
        ("Стейк рибай", 2290), ("Пельмени домашние", 490), ("Голубцы", 460),
    )),
    Group("Паста и пицца", "kitchen", (0.1, 3.5, 4.5, 2), 0.95, 0.25, (
        ("Пицца Маргарита", 540), ("Карбонара", 560), ("Пицца четыре сыра", 690), ("Паста с морепродуктами", 790),
    )),
    Group("Гарниры", "kitchen", (0.1, 1.5, 1.5, 1), 1.0, 0.20, (
        ("Картофель фри", 220), ("Овощи гриль", 320), ("Рис с маслом", 160),
    )),
    Group("Десерты", "kitchen", (2.5, 2.5, 3.5, 1.5), 1.05, 0.27, (
        ("Медовик", 340), ("Чизкейк", 390), ("Наполеон", 350), ("Мороженое", 210), ("Павлова с ягодами", 430),
    )),
    Group("Кофе", "bar", (9, 5, 2.5, 0.7), 0.95, 0.16, (
        ("Капучино", 260), ("Американо", 190), ("Латте", 280), ("Раф цитрусовый", 340), ("Эспрессо", 150),
    )),
    Group("Чай", "bar", (3, 3, 3, 0.8), 0.65, 0.10, (
        ("Чай чёрный, чайник", 290), ("Чай облепиховый", 390), ("Чай зелёный, чайник", 290),
    )),
    Group("Лимонады и соки", "bar", (2, 4, 3, 2), 1.9, 0.18, (
        ("Лимонад тархун", 290), ("Морс клюквенный", 180), ("Сок апельсиновый", 320), ("Вода без газа", 150),
        ("Лимонад маракуйя", 310),
    )),
    Group("Вино", "bar", (0.05, 0.6, 5, 5), 1.0, 0.36, (
        ("Просекко, бокал", 490), ("Красное сухое, бокал", 450), ("Белое сухое, бокал", 450),
        ("Совиньон Блан, бутылка", 2900), ("Саперави, бутылка", 2600),
    )),
    Group("Пиво", "bar", (0, 0.8, 4, 6), 1.5, 0.30, (
        ("Светлое, 0,5 л", 320), ("Пшеничное, 0,5 л", 360), ("Стаут, 0,5 л", 390),
    )),
    Group("Коктейли", "bar", (0, 0.4, 3, 7), 1.3, 0.22, (
        ("Апероль шприц", 590), ("Негрони", 620), ("Мохито безалкогольный", 420),
    )),
    Group("Крепкое", "bar", (0, 0.1, 1, 3), 0.9, 0.25, (("Настойка хреновуха", 250), ("Виски, 40 мл", 520))),
)  # fmt: skip

#: The menu group of each dish, as a row number of `MENU`, and its place within the group.
GROUP_OF = np.array([number for number, group in enumerate(MENU) for _ in group.dishes])
ORDINAL = np.array([i for group in MENU for i in range(len(group.dishes))])
NAMES = tuple(name for group in MENU for name, _ in group.dishes)

#: Dishes that are cooked in these months only.
SEASONAL = {"Окрошка на квасе": range(5, 10), "Лимонад маракуйя": range(4, 10)}
#: Of each pair, one is new on 1 October and the other withdrawn; a year later they change places.
TAKING_TURNS = (
    ("Павлова с ягодами", "Чизкейк"),
    ("Стаут, 0,5 л", "Пшеничное, 0,5 л"),
    ("Хумус с питой", "Сырная тарелка"),
)


def on_menu(day: date) -> npt.NDArray[np.bool_]:
    """Return whether each dish is on the menu on that day; menus change on the first of a month."""
    listed = ~withdrawn(day)
    for name, months in SEASONAL.items():
        listed[NAMES.index(name)] = day.month in months
    return listed


def withdrawn(day: date) -> npt.NDArray[np.bool_]:
    """Return whether each dish has left the menu for longer than a season."""
    gone = np.zeros(len(NAMES), dtype=bool)
    year = day.year if day.month >= 10 else day.year - 1
    for pair in TAKING_TURNS:
        gone[NAMES.index(pair[year % 2])] = True
    return gone
