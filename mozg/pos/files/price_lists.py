"""A file beside the receipts that lists dishes with prices."""

from .links import refuse_loose
from .mapping import Columns, PriceList
from .menu import named
from .profile import Profile
from .sight import Sight
from .table import Table
from .vocabulary import fit

LEAST_LISTED = 0.5


def price_list_among(sight: Sight, columns: Columns, dishes: list[str]) -> PriceList | None:
    """Return the price list among the files that no key joins. Raises `MappingError` for a file that is none."""
    loose = sight.linked.loose
    if not loose:
        return None
    sold = {named(name) for name in [*dishes, *_names(sight, columns)]}
    found = _price_list(loose[0], sold, sight)
    if found is None or len(loose) > 1:
        raise refuse_loose(sight.export.tables[0], loose[0] if found is None else loose[1])
    return found


def _names(sight: Sight, columns: Columns) -> list[str]:
    if columns.items:
        return [name for text in sight.profiles[columns.items].distinct for name in text.split(",")]
    return sight.profiles[columns.item].distinct if columns.item else []


def _price_list(table: Table, sold: set[str], sight: Sight) -> PriceList | None:
    for column in table.header:
        listed = {named(name) for name in table.columns[column] if name}
        if fit(column, "item") and listed and len(listed & sold) >= LEAST_LISTED * min(len(listed), len(sold)):
            price, category = _column(table, "unit_price", sight), _column(table, "category", sight)
            return PriceList(file=table.path.name, name=column, price=price, category=category)
    return None


def _column(table: Table, role: str, sight: Sight) -> str | None:
    fitting = sorted(((-fit(name, role), i, name) for i, name in enumerate(table.header) if fit(name, role)))
    for _, _, name in fitting:
        profile = Profile(name, table.columns[name], sight.decimal)
        if profile.is_number == (role == "unit_price") and profile.known:
            return name
    return None
