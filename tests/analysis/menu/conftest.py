"""Menus written by hand."""

from decimal import Decimal

import pandas as pd
import pytest

SHEET = ("category", "dish", "units", "days", "costed_units", "costed_net", "cost")


def _menu(rows, days=28, category="Mains"):
    cells = [
        (category, dish, sold, Decimal(days), sold, sold * Decimal(price), sold * Decimal(cost))
        for dish, sold, price, cost in rows
    ]
    return pd.DataFrame(cells, columns=SHEET)


@pytest.fixture(scope="session")
def menu():
    """Make the worksheet of one group: rows are (dish, sold, price, cost)."""
    return _menu


def _weekly(dishes, weeks=8):
    """Spread each dish's numbers evenly over weeks."""
    parts = [dishes.assign(week=week) for week in range(weeks)]
    names = ["units", "days", "costed_units", "costed_net", "cost"]
    return pd.concat([part.assign(**{name: part[name].astype(float) / weeks for name in names}) for part in parts])


@pytest.fixture(scope="session")
def weekly():
    return _weekly
