"""Where Alembic begins: over the connection that it is given, in that connection's transaction."""

from alembic import context

from mesohost.archive.tables import META

connection = context.config.attributes.get("connection")
if connection is None:
    # `--sql`: what would be done is written down, for a database of another kind.
    context.configure(
        url=context.config.get_main_option("sqlalchemy.url"),
        target_metadata=META,
        literal_binds=True,
        transactional_ddl=True,
    )
    context.run_migrations()
else:
    context.configure(connection=connection, target_metadata=META, transactional_ddl=True)
    context.run_migrations()
