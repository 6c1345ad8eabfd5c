"""Receipts from exported files: CSV, TSV and Excel, in the shapes that tills and owners write.

    mapping = suggest([Path("june.csv")])           # or Mapping.load(Path("till.toml"))
    imported = read_sales([Path("june.csv")], mapping, venue)

A *mapping* says which column means what. `suggest` writes one from the file; its TOML explains each choice. Nothing
here knows a database.
"""

from .mapping import Mapping
from .options import FileOptions
from .plans import read_plan
from .reading import Imported, Rejected, read_sales
from .suggest import suggest
from .table import Table, read_table

__all__ = [
    "FileOptions",
    "Imported",
    "Mapping",
    "Rejected",
    "Table",
    "read_plan",
    "read_sales",
    "read_table",
    "suggest",
]
