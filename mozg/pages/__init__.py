"""What a notebook imports: the page, and the sections of each report."""

from mozg.pages import (
    categories,
    channels,
    companions,
    comparison,
    digest,
    double_abc,
    dynamics,
    forecast,
    go_lists,
    like_for_like,
    losses,
    menu,
    menu_changes,
    menu_engineering,
    payments,
    records,
    revenue_by_day,
    sales,
    table_load,
)
from mozg.pages.definitions import definitions
from mozg.pages.page import Page

__all__ = [
    "Page",
    "categories",
    "channels",
    "companions",
    "comparison",
    "definitions",
    "digest",
    "double_abc",
    "dynamics",
    "forecast",
    "go_lists",
    "like_for_like",
    "losses",
    "menu",
    "menu_changes",
    "menu_engineering",
    "payments",
    "records",
    "revenue_by_day",
    "sales",
    "table_load",
]
