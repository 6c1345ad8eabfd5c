"""How r_keeper numbers the things of a simulated chain: every dictionary item has an *ident* (SIFR in SQL)."""

from mozg.simulate.chain import METHODS, REASONS
from mozg.simulate.checks import DISCOUNTS as REASONS_OF_DISCOUNT
from mozg.simulate.people import ROLES
from mozg.simulate.rooms import BAR, MAIN_HALL

RESTAURANT, CASH_SERVER, STATION = 1000001, 15001, 15501
CATEGORY, DISH, ROLE, EMPLOYEE = 1000010, 1000101, 1001001, 1001101
HALL, TABLE = 1002001, 1003000
ORDER_TYPE, ORDER_CATEGORY, CURRENCY, CURRENCY_TYPE, VOID = 1000901, 1000801, 1000701, 1000601, 1000501
PRICE_TYPE, DISCOUNT = 3, 1000401

#: More checks than a restaurant makes in a month; and the identifier that the only order of a visit has.
MOST_CHECKS, ORDER = 80000, 256

HALLS = (MAIN_HALL, BAR)
ORDER_TYPES = {"dine_in": "В зале", "takeaway": "С собой", "delivery": "Доставка"}
#: What r_keeper calls the kinds of money; guests of the house pay with a currency of *non-payers*.
CURRENCY_TYPES = {
    "cash": "Наличные", "card": "Банковские карты", "non_cash": "Безналичный расчёт", "write_off": "Неплательщики",
}  # fmt: skip
PAY_LINE_TYPES = {"cash": 0, "card": 1, "non_cash": 5, "write_off": 5}
ROLE_CODES = tuple(ROLES)
CURRENCIES = tuple(name for name, _ in METHODS)
DISCOUNTS = tuple(reason for reason in REASONS_OF_DISCOUNT if reason is not None)
VOIDS = tuple(reason for reason in REASONS if reason is not None)


def guid_string(guid: str) -> str:
    """Return a GUID as r_keeper writes it: upper case, in braces."""
    return "{" + guid.upper() + "}"
