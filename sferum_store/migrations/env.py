"""How alembic meets the store: on the connection and in the transaction that `migrate` gives it."""

from alembic import context

from sferum_store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
