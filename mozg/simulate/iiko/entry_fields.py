"""The columns of iiko's TRANSACTIONS report that the simulated servers know, over the table of accounting entries."""

from mozg.simulate.iiko.columns import Column, Report

_COLUMNS: dict[str, Column] = {
    "DateTime.DateTyped": Column("Учётный день", "DATE", "e.day"),
    "DateTime.Typed": Column("Дата и время", "DATETIME", "e.day::TIMESTAMP"),
    "Department": Column("Торговое предприятие", "STRING", "v.name"),
    "Department.Code": Column("Код подразделения", "STRING", "v.code"),
    "TransactionType": Column("Тип транзакции", "ENUM", "e.kind"),
    "Document": Column("Номер документа", "STRING", "e.document"),
    "Account.Id": Column("ID счёта", "ID_STRING", "e.account_id"),
    "Account.Name": Column("Счёт", "STRING", "e.account"),
    "Account.Type": Column("Тип счёта", "ENUM", "e.account_type"),
    "Account.Group": Column("Группа счёта", "ENUM", "e.account_group"),
    "Account.StoreOrAccount": Column("Склад/счёт", "ENUM", "e.side"),
    "Contr-Account.Name": Column("Корр. счёт", "STRING", "e.contra"),
    "Counteragent.Name": Column("Контрагент", "STRING", "e.counteragent"),
    "Product.Id": Column("ID элемента", "ID_STRING", "g.external_id"),
    "Product.Name": Column("Элемент номенклатуры", "STRING", "g.name"),
    "Product.Type": Column("Тип элемента", "ENUM", "CASE WHEN g.name IS NOT NULL THEN 'GOODS' END"),
    "Store": Column("Склад", "STRING", "e.store"),
    "Amount.In": Column("Приход, кол-во", "AMOUNT", "", "sum(amount_in)"),
    "Amount.Out": Column("Расход, кол-во", "AMOUNT", "", "sum(amount_out)"),
    "Amount": Column("Кол-во", "AMOUNT", "", "sum(amount_in) - sum(amount_out)"),
    "Sum.Incoming": Column("Сумма прихода", "MONEY", "", "sum(sum_in)"),
    "Sum.Outgoing": Column("Сумма расхода", "MONEY", "", "sum(sum_out)"),
    "Sum.ResignedSum": Column("Сумма", "MONEY", "", "sum(resigned)"),
}
_SUMS = {name: f"sum(e.{name})" for name in ("amount_in", "amount_out", "sum_in", "sum_out", "resigned")}
_SOURCE = "entries AS e JOIN venue AS v ON v.position = e.venue LEFT JOIN good AS g ON g.position = e.good"

TRANSACTIONS = Report("TRANSACTIONS", _COLUMNS, _SOURCE, _SUMS, "e.venue", ("DateTime.DateTyped", "DateTime.Typed"))
