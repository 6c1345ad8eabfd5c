"""What is sold and who sells it, as the tills tell it."""

from datetime import date

from sqlalchemy import Identity, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mozg.store.tables.base import Id, LoadedRow, Money, UnitCost


class _Known(LoadedRow):
    """A catalogue row: known to the organisation by the till's identifier, to the lake by a small number."""

    __abstract__ = True

    organization_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-2)
    id: Mapped[int] = mapped_column(Identity(always=True), unique=True, sort_order=-1)
    external_id: Mapped[str] = mapped_column(primary_key=True, sort_order=-1)
    name: Mapped[str] = mapped_column(sort_order=-1)


class CategoryRow(_Known):
    """A menu group."""

    __tablename__ = "categories"

    parent: Mapped[str | None]
    section: Mapped[str | None]


class ProductRow(_Known):
    """A dish, drink or modifier."""

    __tablename__ = "products"

    category: Mapped[str | None]
    section: Mapped[str | None]
    price: Mapped[Money | None]
    unit: Mapped[str | None]
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class EmployeeRow(_Known):
    """A person on the payroll or at the till."""

    __tablename__ = "employees"

    role: Mapped[str | None]
    hired_on: Mapped[date | None]
    left_on: Mapped[date | None]
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class ProductCostRow(LoadedRow):
    """A product's cost per unit from a day on, VAT excluded; ``venue_id`` NULL means everywhere."""

    __tablename__ = "product_costs"
    __table_args__ = (
        UniqueConstraint("organization_id", "product", "venue_id", "valid_from", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[Id]
    product: Mapped[str]
    venue_id: Mapped[int | None]
    valid_from: Mapped[date]
    cost: Mapped[UnitCost]
