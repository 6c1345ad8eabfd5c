"""The columns of iiko's SALES report that the simulated servers know, and what each one is over the fact table."""

from mozg.simulate.iiko.columns import Column, Report

_FROM = """
    fact AS f
    JOIN product AS p ON p.position = f.product
    JOIN venue AS v ON v.position = f.venue
    JOIN person AS w ON w.position = f.line_waiter
    JOIN person AS o ON o.position = f.waiter
    JOIN method AS m ON m.position = f.payment
"""

#: What is summed inside one order first, so that guests and orders count once however many lines an order has.
_PER_ORDER = {
    "amount": "sum(f.quantity)",
    "gross": "sum(f.gross)",
    "increase": "sum(f.increase)",
    "revenue": "sum(f.revenue)",
    "discount": "sum(f.discount)",
    "vat": "sum(f.vat)",
    "cost": "sum(f.cost)",
    "returned": "sum(CASE WHEN f.storned THEN -f.revenue ELSE 0 END)",
    "guests": "max(f.guests)",
    "orders": "1",
    "number": "max(f.number)",
}

_ORDER_TYPE = "CASE f.channel WHEN 'dine_in' THEN 'В зале' WHEN 'takeaway' THEN 'С собой' ELSE 'Доставка курьером' END"
_WEEKDAY = "strftime(f.business_date, '%w. ') || ['Вс','Пн','Вт','Ср','Чт','Пт','Сб'][dayofweek(f.business_date) + 1]"
_OPERATION = "CASE WHEN f.storned THEN 'STORNED' WHEN m.kind IS NULL THEN 'NO_PAYMENT' ELSE 'PAYMENT' END"
_PER_CHECK, _PER_GUEST = "nullif(sum(orders), 0)", "nullif(sum(guests), 0)"

_COLUMNS: dict[str, Column] = {
    "OpenDate.Typed": Column("Учётный день", "DATE", "f.business_date"),
    "OpenTime": Column("Время открытия", "DATETIME", "f.opened_at"),
    "CloseTime": Column("Время закрытия", "DATETIME", "f.closed_at"),
    "HourOpen": Column("Час открытия", "STRING", "strftime(f.opened_at, '%H')"),
    "HourClose": Column("Час закрытия", "STRING", "strftime(f.closed_at, '%H')"),
    "DayOfWeekOpen": Column("День недели", "STRING", _WEEKDAY),
    "Mounth": Column("Месяц", "STRING", "strftime(f.business_date, '%m')"),
    "YearOpen": Column("Год", "STRING", "strftime(f.business_date, '%Y')"),
    "UniqOrderId.Id": Column("ID заказа", "ID", "f.order_id"),
    "OrderNum": Column("Номер чека", "INTEGER", "f.number", "max(number)"),
    "SessionNum": Column("Номер смены", "INTEGER", "f.session"),
    "CashRegisterName.Number": Column("Номер ФР", "INTEGER", "f.venue + 1"),
    "Department": Column("Торговое предприятие", "STRING", "v.name"),
    "Department.Id": Column("ID торгового предприятия", "ID_STRING", "v.external_id"),
    "Department.Code": Column("Код торгового предприятия", "STRING", "v.code"),
    "JurName": Column("Юридическое лицо", "STRING", "'ООО «Сыроежка»'"),
    "RestaurantSection": Column("Отделение", "STRING", "f.hall"),
    "TableNum": Column("Номер стола", "INTEGER", 'f."table"'),
    "OrderType": Column("Тип заказа", "STRING", _ORDER_TYPE),
    "Delivery.IsDelivery": Column(
        "Доставка", "ENUM", "CASE f.channel WHEN 'delivery' THEN 'DELIVERY_ORDER' ELSE 'ORDER_WITHOUT_DELIVERY' END"
    ),
    "Delivery.ServiceType": Column("Тип доставки", "ENUM", "CASE f.channel WHEN 'delivery' THEN 'COURIER' END"),
    "WaiterName": Column("Официант блюда", "STRING", "w.name"),
    "WaiterName.ID": Column("ID официанта блюда", "ID_STRING", "w.external_id"),
    "OrderWaiter.Name": Column("Официант заказа", "STRING", "o.name"),
    "OrderWaiter.Id": Column("ID официанта заказа", "ID_STRING", "o.external_id"),
    "DishId": Column("ID блюда", "ID_STRING", "p.external_id"),
    "DishCode": Column("Код блюда", "STRING", "p.article"),
    "DishName": Column("Блюдо", "STRING", "p.name"),
    "DishGroup": Column("Группа блюда", "STRING", 'p."group"'),
    "DishGroup.Id": Column("ID группы", "ID", "p.category"),
    "DishGroup.TopParent": Column("Группа 1-го уровня", "STRING", "p.top"),
    "DishGroup.SecondParent": Column("Группа 2-го уровня", "STRING", 'p."group"'),
    "DishGroup.Hierarchy": Column("Иерархия групп", "STRING", "p.top || '/' || p.\"group\""),
    "DishCategory": Column("Категория", "STRING", "p.top"),
    "DishType": Column("Тип", "ENUM", "'DISH'"),
    "DishMeasureUnit": Column("Единица", "STRING", "p.unit"),
    "PayTypes": Column("Тип оплаты", "STRING", "coalesce(m.name, '(без оплаты)')"),
    "PayTypes.GUID": Column("ID типа оплаты", "ID_STRING", "m.external_id"),
    "PayTypes.Group": Column("Группа оплаты", "ENUM", "replace(upper(m.kind), 'WRITE_', 'WRITE')"),
    "OperationType": Column("Операция", "ENUM", _OPERATION),
    "OrderDeleted": Column("Заказ удалён", "ENUM", "CASE f.status WHEN 'void' THEN 'DELETED' ELSE 'NOT_DELETED' END"),
    "DeletedWithWriteoff": Column("Удалено", "ENUM", "f.state"),
    "Storned": Column("Возврат", "ENUM", "CASE WHEN f.storned THEN 'TRUE' ELSE 'FALSE' END"),
    "OrderDiscount.Type": Column("Тип скидки", "STRING", "f.discount_type"),
    "RemovalType": Column("Причина удаления", "STRING", "f.reason"),
    "Banquet": Column("Банкет", "ENUM", "CASE WHEN f.guests >= 12 THEN 'TRUE' ELSE 'FALSE' END"),
    "VAT.Percent": Column("Ставка НДС", "PERCENT", "v.vat / 100"),
    "GuestNum": Column("Гостей", "AMOUNT", "f.guests", "sum(guests)"),
    "GuestNum.Avg": Column("Гостей на чек", "AMOUNT", "", f"sum(guests) / {_PER_CHECK}"),
    "UniqOrderId": Column("Чеков", "INTEGER", "", "sum(orders)"),
    "UniqOrderId.OrdersCount": Column("Заказов", "AMOUNT", "", "sum(orders)"),
    "DishAmountInt": Column("Количество", "AMOUNT", "", "sum(amount)"),
    "DishSumInt": Column("Сумма без скидки", "MONEY", "", "sum(gross)"),
    "DishDiscountSumInt": Column("Сумма со скидкой", "MONEY", "", "sum(revenue)"),
    "DishDiscountSumInt.withoutVAT": Column("Сумма без НДС", "MONEY", "", "sum(revenue) - sum(vat)"),
    "DishDiscountSumInt.average": Column("Средний чек", "MONEY", "", f"sum(revenue) / {_PER_CHECK}"),
    "DishDiscountSumInt.averageByGuest": Column("Средний чек на гостя", "MONEY", "", f"sum(revenue) / {_PER_GUEST}"),
    "DiscountSum": Column("Скидка", "MONEY", "", "sum(discount)"),
    "IncreaseSum": Column("Надбавка", "MONEY", "", "sum(increase)"),
    "DishReturnSum": Column("Возвраты", "MONEY", "", "sum(returned)"),
    "VAT.Sum": Column("НДС", "MONEY", "", "sum(vat)"),
    "ProductCostBase.ProductCost": Column("Себестоимость", "MONEY", "", "sum(cost)"),
}

SALES = Report("SALES", _COLUMNS, _FROM, _PER_ORDER, "f.order_id", ("OpenDate.Typed",))
