"""The restaurants of the chain: where they are, what kind of house each is, who comes and when."""

from dataclasses import dataclass, field, replace
from datetime import date


@dataclass(frozen=True)
class Place:
    """One restaurant's character.

    ``checks`` is an ordinary day's number of checks, ``growth`` its change per year, ``week`` factors run from Monday,
    ``dayparts`` are shares of checks at breakfast, lunch, dinner and late, ``channels`` shares of dine-in, takeaway and
    delivery, ``warmth`` and ``swing`` the year's mean temperature and its half-range in °C, ``taste`` multiplies the
    appetite for menu groups, ``vat`` is percent inside prices.
    """

    name: str
    city: str
    timezone: str
    opened_on: date
    checks: float
    growth: float
    week: tuple[float, ...]
    dayparts: tuple[float, float, float, float]
    channels: tuple[float, float, float]
    warmth: float
    swing: float
    price_level: float = 1.0
    vat: int = 0
    waiters: int = 8
    taste: dict[str, float] = field(default_factory=dict)
    country: str = "RU"


PLACES = (
    Place(
        "Сыроежка на Покровке", "Москва", "Europe/Moscow", date(2017, 5, 18), 86, 0.04,
        (0.86, 0.88, 0.93, 1.0, 1.22, 1.2, 0.97), (0.12, 0.36, 0.44, 0.08), (0.72, 0.1, 0.18), 6.5, 14,
        price_level=1.15, vat=20, waiters=9,
    ),
    Place(
        "Сыроежка у Мойки", "Санкт-Петербург", "Europe/Moscow", date(2019, 3, 1), 76, -0.03,
        (0.75, 0.8, 0.88, 0.98, 1.32, 1.38, 0.9), (0.04, 0.18, 0.5, 0.28), (0.88, 0.04, 0.08), 6.0, 12,
        price_level=1.05, vat=5, taste={"Вино": 1.5, "Коктейли": 1.9, "Пиво": 1.4, "Супы": 0.5, "Завтраки": 0.6},
    ),
    Place(
        "Сыроежка на Плотинке", "Екатеринбург", "Asia/Yekaterinburg", date(2021, 9, 9), 68, 0.06,
        (0.85, 0.86, 0.9, 0.95, 1.1, 1.25, 1.12), (0.1, 0.42, 0.44, 0.04), (0.62, 0.14, 0.24), 3.0, 17,
        price_level=0.9, vat=5, taste={"Паста и пицца": 1.8, "Лимонады и соки": 1.4, "Крепкое": 0.3},
    ),
    Place(
        "Кофейня Сыроежка", "Казань", "Europe/Moscow", date(2026, 3, 6), 82, 0.1,
        (1.05, 1.06, 1.05, 1.06, 1.05, 0.92, 0.8), (0.42, 0.38, 0.2, 0.0), (0.52, 0.4, 0.08), 4.6, 16,
        price_level=0.85, waiters=6,
        taste={"Кофе": 2.6, "Десерты": 1.9, "Вино": 0.2, "Пиво": 0.0, "Коктейли": 0.1, "Крепкое": 0.0, "Горячее": 0.5},
    ),
)  # fmt: skip


def places(number: int) -> list[Place]:
    """Return ``number`` restaurants: the four known ones, then namesakes of them (№2, №3, …) elsewhere."""
    return [_namesake(PLACES[i % len(PLACES)], i // len(PLACES) + 1) for i in range(number)]


def _namesake(place: Place, nth: int) -> Place:
    return place if nth == 1 else replace(place, name=f"{place.name} №{nth}")
