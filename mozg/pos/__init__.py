"""Tills. One adapter per system behind one Protocol; adapters are found by the entry point group ``mozg.pos``.

    with connect(venue) as till:
        catalogue = till.catalogue()
        sales = till.sales(date(2026, 11, 1), date(2026, 11, 7))
        shifts = till.streams["shifts"](date(2026, 11, 1), date(2026, 11, 7))

An adapter turns the till's words into `mozg.model` records and the till's failures into `mozg.errors.TillError`;
it knows nothing of databases. ``mozg.pos.files`` reads exported files instead of a live system.
"""

from mozg.pos.patience import Patience
from mozg.pos.till import About, Reader, Till, connect

__all__ = ["About", "Patience", "Reader", "Till", "connect"]
