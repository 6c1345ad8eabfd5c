"""What every table shares: column types with the house's precision, and the tenant's column."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from sqlalchemy import BigInteger, Boolean, DateTime, ForeignKey, Identity, MetaData, Numeric, Text, func, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Money = Annotated[Decimal, mapped_column(Numeric(14, 2))]
UnitCost = Annotated[Decimal, mapped_column(Numeric(14, 4))]
Quantity = Annotated[Decimal, mapped_column(Numeric(12, 3))]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
MadeAt = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]
Id = Annotated[int, mapped_column(BigInteger, Identity(always=True), primary_key=True, sort_order=-1)]
VenueId = Annotated[int, mapped_column(BigInteger)]


class Base(DeclarativeBase):
    """All tables of the record, with constraint names that Alembic can find again."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: Text, int: BigInteger}  # noqa: RUF012  # SQLAlchemy's own protocol


class TenantRow(Base):
    """A row that belongs to one organisation, under forced row-level security."""

    __abstract__ = True

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"), sort_order=-2)


class LoadedRow(TenantRow):
    """A row that a till or a file gave. ``changed_in`` is the sync run that last changed it.

    ``deleted`` rows were reported once and are no longer: they are kept, and counted nowhere. There is no foreign
    key: Postgres would check it row by row, and millions of rows come in at once.
    """

    __abstract__ = True

    organization_id: Mapped[int] = mapped_column(sort_order=-2)
    deleted: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), sort_order=1)
    changed_in: Mapped[int] = mapped_column(sort_order=1)
