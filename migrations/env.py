"""Alembic's entry: runs migrations on the connection that ``mozg.store.migrate`` hands over."""

from alembic import context

from mozg.store.tables import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
