"""The accounting entries of a chain: what its storerooms and its profit and loss are made of."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from mozg.simulate.chain import Chain
from mozg.simulate.identity import guid

STORE = "Основной склад"
_GOODS_SOLD, _REVENUE, _MISSING, _FOUND = "Расход продуктов", "Торговая выручка", "Недостача", "Излишки"
_COLUMNS = [
    *("venue", "day", "kind", "document", "account", "account_type", "side", "contra", "counteragent", "good", "store"),
    *("amount_in", "amount_out", "sum_in", "sum_out", "resigned"),
]
_RESULT = {"INCOME", "OTHER_INCOME", "COST_OF_GOODS_SOLD", "EXPENSES", "OTHER_EXPENSES"}


def entries(chain: Chain) -> pd.DataFrame:
    """Return one row per entry and side: quantities in thousandths, money in kopecks without VAT."""
    found = pd.concat(list(_kinds(chain)), ignore_index=True).reindex(columns=_COLUMNS)
    numbers = ["amount_in", "amount_out", "sum_in", "sum_out", "resigned"]
    found[numbers] = found[numbers].fillna(0).round().astype(np.int64)
    ids = {name: guid(chain.seed, "account", name) for name in found["account"].unique()}
    in_result = found["account_type"].isin(_RESULT)
    return found.assign(
        account_id=found["account"].map(ids),
        account_group=np.where(in_result, "INCOME_EXPENSES", "ASSETS"),
        good=found["good"].astype("Int64"),
    )


def _kinds(chain: Chain) -> Iterator[pd.DataFrame]:
    bought, lost = _goods(chain.purchases, "invoice"), _goods(chain.write_offs, "document")
    yield _stored(bought, "INVOICE", "Задолженность перед поставщиками", 1).assign(counteragent=bought["supplier"])
    yield _stored(lost, "WRITEOFF", lost["reason"], -1)
    yield _booked(lost, "WRITEOFF", lost["reason"], "EXPENSES", lost["cost"])
    counted = _corrections(chain)
    missing = counted[counted["quantity"] < 0]
    yield _stored(counted, "INVENTORY_CORRECTION", np.where(counted["quantity"] < 0, _MISSING, _FOUND), 1)
    yield _booked(missing, "INVENTORY_CORRECTION", _MISSING, "EXPENSES", -missing["cost"])
    yield from _sales(chain)
    spent = chain.expenses.rename(columns={"business_date": "day"})
    yield _booked(spent, "INCOMING_SERVICE", spent["account"], "EXPENSES", spent["amount"]).assign(
        counteragent=spent["counterparty"]
    )


def _goods(documents: pd.DataFrame, number: str) -> pd.DataFrame:
    return documents.rename(columns={"business_date": "day", number: "document"})


def _corrections(chain: Chain) -> pd.DataFrame:
    counts = _goods(chain.stock_counts, "document")
    difference = counts["quantity"] - counts["book"]
    each = (counts["cost"] / counts["quantity"].where(counts["quantity"] > 0)).fillna(0)
    return counts.assign(quantity=difference.round(3), cost=(difference * each).round())


def _stored(rows: pd.DataFrame, kind: str, contra: Any, sign: int) -> pd.DataFrame:
    """Return the storeroom's side of entries; ``sign`` says whether a positive quantity came in or went out."""
    came = (rows["quantity"] * sign) > 0
    amount, worth = rows["quantity"].abs() * 1000, rows["cost"].abs()
    return rows[["venue", "day", "document", "good"]].assign(
        kind=kind, account=STORE, account_type="INVENTORY_ASSETS", side="STORE", contra=contra, store=STORE,
        amount_in=amount.where(came, 0), amount_out=amount.where(~came, 0), sum_in=worth.where(came, 0),
        sum_out=worth.where(~came, 0), resigned=worth.where(came, -worth),
    )  # fmt: skip


def _booked(rows: pd.DataFrame, kind: str, account: Any, sort: str, amount: pd.Series) -> pd.DataFrame:
    """Return the side of entries that makes profit or loss."""
    return rows[["venue", "day"]].assign(
        kind=kind, account=account, account_type=sort, side="ACCOUNT", contra=STORE, sum_in=amount, resigned=amount
    )


def _sales(chain: Chain) -> Iterator[pd.DataFrame]:
    live = chain.receipts[chain.receipts["status"] != "void"]
    days = live.assign(net=live["revenue"] - live["vat"]).groupby(["venue", "business_date"], as_index=False)
    sums = days[["net", "cost"]].sum().rename(columns={"business_date": "day"})
    yield _booked(sums, "SALES_REVENUE", _REVENUE, "INCOME", sums["net"])
    yield _booked(sums, "SESSION_WRITEOFF", _GOODS_SOLD, "COST_OF_GOODS_SOLD", sums["cost"])
