"""What people say of the menu that no till knows: portions in a unit, and dishes that waiters are to offer."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ARRAY, BigInteger, Numeric, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mozg.store.tables.base import Id, TenantRow


class ProductPortions(TenantRow):
    """How many portions one sold unit of a product is; ``product`` is its ``external_id``."""

    __tablename__ = "product_portions"

    organization_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-2)
    product: Mapped[str] = mapped_column(primary_key=True)
    portions: Mapped[Decimal] = mapped_column(Numeric(8, 3))


class GoList(TenantRow):
    """Dishes that waiters are to offer from ``starts_on`` to ``ends_on``, both inclusive.

    ``products`` are ``external_id`` of dishes; ``venue_ids`` NULL means every venue; ``target`` is the share of
    revenue that these dishes should have, 0.12 for 12 %.
    """

    __tablename__ = "go_lists"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    id: Mapped[Id]
    name: Mapped[str]
    products: Mapped[list[str]] = mapped_column(ARRAY(Text))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    venue_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    target: Mapped[Decimal | None] = mapped_column(Numeric(5, 4))
