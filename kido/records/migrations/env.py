"""Run by Alembic, on the connection and in the transaction of `kido.records.store`."""

from alembic import context

from kido.records.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
