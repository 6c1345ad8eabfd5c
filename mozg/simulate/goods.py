"""What the chain buys: goods, their suppliers and prices from month to month, and how much of each a dish takes."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from mozg.simulate.menu import MENU

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Good:
    """Something that is bought: ``price`` in roubles of January 2024 per unit, dearest in month ``peak`` by ``swing``.

    In month ``jump`` of every year it rises by ``step`` at once, and comes back little by little; ``inflation`` is
    the rise from month to month.
    """

    name: str
    unit: str
    price: int
    supplier: str
    peak: int = 1
    swing: float = 0.02
    jump: int = 0
    step: float = 0.0
    inflation: float = 0.0075


_FARM, _SEA, _MARKET, _CELLAR = "ООО «Мясной двор»", "ООО «Рыбный ряд»", "ООО «Овощебаза»", "ООО «Погреб»"
SUPPLIERS = (_FARM, _SEA, _MARKET, _CELLAR)

GOODS = (
    Good("Говядина", "кг", 650, _FARM, 5, 0.04),
    Good("Курица", "кг", 330, _FARM, 12, 0.06),
    Good("Рыба и морепродукты", "кг", 1250, _SEA, 1, 0.05, 11, 0.14, inflation=0.011),
    Good("Овощи", "кг", 140, _MARKET, 3, 0.22, inflation=0.005),
    Good("Ягоды и фрукты", "кг", 420, _MARKET, 2, 0.18),
    Good("Молочные продукты", "кг", 260, _MARKET, 12, 0.03, 10, 0.05),
    Good("Мука и крупы", "кг", 75, _MARKET),
    Good("Яйца", "шт", 11, _MARKET, 4, 0.10),
    Good("Масло и специи", "кг", 350, _MARKET),
    Good("Сахар и сиропы", "кг", 160, _MARKET),
    Good("Кофе в зёрнах", "кг", 1600, _CELLAR, 2, 0.03, 6, 0.09, inflation=0.013),
    Good("Чай", "кг", 1900, _CELLAR),
    Good("Соки и вода", "л", 110, _CELLAR, 7, 0.03),
    Good("Вино", "л", 900, _CELLAR, 12, 0.03),
    Good("Пиво", "л", 190, _CELLAR, 7, 0.03, inflation=0.004),
    Good("Крепкий алкоголь", "л", 1300, _CELLAR, 12, 0.02, 1, 0.06),
)

#: What share of a dish's food cost each good has, by menu group.
_SHARES = {
    "Завтраки": {"Молочные продукты": 0.45, "Яйца": 0.25, "Мука и крупы": 0.15, "Ягоды и фрукты": 0.15},
    "Супы": {"Говядина": 0.4, "Овощи": 0.4, "Масло и специи": 0.2},
    "Салаты": {"Овощи": 0.5, "Курица": 0.3, "Масло и специи": 0.2},
    "Закуски": {"Молочные продукты": 0.4, "Овощи": 0.3, "Мука и крупы": 0.3},
    "Горячее": {"Говядина": 0.5, "Рыба и морепродукты": 0.25, "Овощи": 0.15, "Масло и специи": 0.1},
    "Паста и пицца": {"Мука и крупы": 0.35, "Молочные продукты": 0.45, "Рыба и морепродукты": 0.2},
    "Гарниры": {"Овощи": 0.8, "Масло и специи": 0.2},
    "Десерты": {"Молочные продукты": 0.4, "Яйца": 0.15, "Мука и крупы": 0.15, "Ягоды и фрукты": 0.3},
    "Кофе": {"Кофе в зёрнах": 0.6, "Молочные продукты": 0.35, "Сахар и сиропы": 0.05},
    "Чай": {"Чай": 0.7, "Ягоды и фрукты": 0.2, "Сахар и сиропы": 0.1},
    "Лимонады и соки": {"Соки и вода": 0.6, "Ягоды и фрукты": 0.25, "Сахар и сиропы": 0.15},
    "Вино": {"Вино": 1.0},
    "Пиво": {"Пиво": 1.0},
    "Коктейли": {"Крепкий алкоголь": 0.7, "Соки и вода": 0.2, "Сахар и сиропы": 0.1},
    "Крепкое": {"Крепкий алкоголь": 1.0},
}


def _share_matrix() -> Floats:
    rows = [[_SHARES[group.name].get(good.name, 0.0) for good in GOODS] for group in MENU for _ in group.dishes]
    return np.array(rows)


def _first_costs() -> Floats:
    """Return each dish's food cost in January 2024, in kopecks."""
    return np.array(
        [
            price * 100 * group.food_cost * (0.85 + 0.06 * (i % 6))
            for group in MENU
            for i, (_, price) in enumerate(group.dishes)
        ]
    )


#: One row per dish, one column per good: shares of cost, and what a portion takes of it in the good's unit.
SHARES = _share_matrix()
FIRST_COSTS = _first_costs()
AMOUNTS = np.round(FIRST_COSTS[:, None] * SHARES / (100 * np.array([good.price for good in GOODS])), 4)


def good_prices(month: date) -> Ints:
    """Return what a unit of each good costs in that month, in kopecks, VAT excluded."""
    first = np.array([good.price * 100 for good in GOODS])
    return np.rint(first * _index(month)).astype(np.int64)


def costs(month: date) -> Ints:
    """Return each dish's recipe cost in kopecks: its goods at the month's prices."""
    return np.rint(FIRST_COSTS * (SHARES @ _index(month))).astype(np.int64)


def _index(month: date) -> Floats:
    """Return each good's price as a multiple of that of January 2024: inflation, the season, and jumps."""
    months = 12 * (month.year - 2024) + month.month - 1
    return np.array([(1 + good.inflation) ** months * _season(good, month.month) for good in GOODS])


def _season(good: Good, month: int) -> float:
    wave = 1 + good.swing * float(np.cos(2 * np.pi * (month - good.peak) / 12))
    after = good.step * (1 - ((month - good.jump) % 12) / 12) if good.jump else 0.0
    return wave + after
