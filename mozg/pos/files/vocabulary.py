"""What tills call their columns, in English and in Russian."""

import re
from functools import cache

_PHRASES = {
    "receipt": (
        "receipt; receipt number; receipt no; receipt id; check; check number; check no; check id; bill; bill number;"
        "bill no; bill id; order; order number; order no; order id; ticket; ticket number; ticket no; ticket id;"
        "transaction; transaction number; transaction no; transaction id; invoice; invoice number; invoice no;"
        "invoice id; sale id; чек; номер чека; чек номер; номер; id чека; код чека; заказ; номер заказа; id заказа;"
        "счет; номер счета; квитанция"
    ),
    "date": (
        "date; datetime; date time; order date; order datetime; business date; sale date; transaction date; bill date;"
        "created; created at; created on; opened; opened at; open time; timestamp; дата; дата чека; дата заказа;"
        "дата продажи; дата и время; дата время; открыт; время открытия; дата открытия; учетный день; дата смены"
    ),
    "time": "time; order time; sale time; transaction time; bill time; время; время чека; время заказа; час",
    "closed": "closed; closed at; close time; closing time; paid at; закрыт; время закрытия; дата закрытия",
    "item": (
        "item; item name; dish; dish name; product; product name; menu item; menu item name; name; description;"
        "item description; блюдо; название блюда; наименование; наименование блюда; название; товар; позиция;"
        "номенклатура; продукт"
    ),
    "item_id": "item id; product id; dish id; menu item id; sku; plu; артикул; код; код блюда; код товара",
    "items": "items; order items; dishes; products; блюда; позиции; товары; состав; состав заказа; состав чека",
    "variant": "size; item size; variant; variation; размер; порция",
    "category": (
        "category; item category; product category; category name; group; item group; menu group; категория; группа;"
        "группа блюд; категория блюда; раздел меню"
    ),
    "quantity": (
        "quantity; qty; item quantity; item qty; order quantity; order qty; units; count; количество; кол во; кол;"
        "количество блюд; кол во блюд"
    ),
    "unit_price": (
        "price; unit price; item price; product price; price per unit; цена; цена за единицу; цена за шт; цена блюда"
    ),
    "amount": (
        "grand total; total; order total; bill total; check total; receipt total; total amount; amount; net amount;"
        "amount due; total price; line total; line amount; item total; sum; revenue; sales; net sales; итого; итог;"
        "итого к оплате; к оплате; сумма; сумма чека; сумма заказа; сумма со скидкой; всего; стоимость; выручка"
    ),
    "discount": "discount; total discount; discount amount; discounts; скидка; сумма скидки; скидки",
    "vat": "tax; total tax; tax amount; vat; vat amount; sales tax; gst; ндс; сумма ндс; налог",
    "guests": (
        "guests; guest count; number of guests; covers; cover count; pax; persons; party size; гости; гостей;"
        "количество гостей; кол во гостей; число гостей"
    ),
    "waiter": "waiter; waiter name; server; server name; employee; cashier; staff; официант; кассир; сотрудник",
    "table": "table; table number; table no; table name; стол; номер стола; столик",
    "hall": "hall; room; dining area; зал; отделение",
    "channel": "order type; channel; service type; dining option; sales channel; тип заказа; канал; вид обслуживания",
    "status": "status; state; order status; bill status; receipt status; статус; статус чека; статус заказа",
    "payment": "payment; payment type; payment method; tender; оплата; тип оплаты; вид оплаты; способ оплаты",
}
VOID_WORDS = ("cancel", "void", "annul", "delet", "отмен", "аннул", "удал", "сторн")
REFUND_WORDS = ("refund", "return", "возврат")

_UNITS = {"руб", "rub", "usd", "eur", "gbp", "inr", "kzt", "uah", "krw", "р", "rs"}
_PARTIAL = 0.9
_LEAST = 0.4


@cache
def words(header: str) -> tuple[str, ...]:
    """Return the words of a column name: ``"OrderID"`` and ``"order_id"`` → ``("order", "id")``."""
    apart = re.sub(r"(?<=[a-zа-яё0-9])(?=[A-ZА-ЯЁ])", " ", header.replace("№", " номер "))
    found = re.findall(r"[^\W_]+", apart.casefold().replace("ё", "е"))
    return tuple(word for word in found if word not in _UNITS)


@cache
def _phrases(role: str) -> tuple[tuple[str, ...], ...]:
    return tuple(words(phrase.strip()) for phrase in _PHRASES[role].split(";"))


@cache
def fit(header: str, role: str) -> float:
    """Return how well a column name says ``role``: 1 for a phrase of the trade, less when it says more than that."""
    own = words(header)
    best = 0.0
    for phrase in _phrases(role):
        if own == phrase:
            return 1.0
        if set(phrase) <= set(own):
            best = max(best, _PARTIAL * len(phrase) / len(own))
    return best if best >= _LEAST else 0.0


def speaks_of_anything(header: str) -> bool:
    """Whether a column name says any role at all."""
    return any(fit(header, role) for role in _PHRASES)


def means_void(value: str) -> bool:
    """Whether a value of a status column says that the check was annulled."""
    return any(word in value.casefold() for word in VOID_WORDS)


def means_refund(value: str) -> bool:
    """Whether a value of a status column says that the check was returned."""
    return any(word in value.casefold() for word in REFUND_WORDS)
