"""What makes a table append-only: the database itself refuses to change or remove a row."""

_SQLITE = """CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
_POSTGRESQL = """CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()"""
_REFUSE = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN RAISE EXCEPTION ''% is append-only'', TG_TABLE_NAME; END'"""


def statements(dialect: str, tables: tuple[str, ...]) -> list[str]:
    """The statements that make `tables` append-only, in SQL of `dialect`."""
    form = _SQLITE if dialect == "sqlite" else _POSTGRESQL
    made = [
        form.format(table=table, verb=verb) for table in tables for verb in ("UPDATE", "DELETE")
    ]
    return made if dialect == "sqlite" else [_REFUSE, *made]
