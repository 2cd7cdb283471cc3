"""Alembic's entry: runs the migrations on the connection the program hands over."""

from alembic import context

from compliance.ledger.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
