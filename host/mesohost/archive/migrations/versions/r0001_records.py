"""Guns, their records, and the heads that they told."""

import sqlalchemy as sa
from alembic import op

from mesohost.archive.triggers import statements

revision = "0001"
down_revision = None

_TABLES = ("identity", "logs", "introductions", "records", "heads")


def upgrade() -> None:
    """From nothing."""
    op.create_table(
        "identity",
        sa.Column("archive", sa.String(32), nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("archive", name="pk_identity"),
    )
    op.create_table(
        "logs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("board", sa.String(32), nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_logs"),
        sa.UniqueConstraint("board", "part", name="uq_logs_board"),
    )
    op.create_table(
        "introductions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("log", sa.Integer, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("firmware", sa.Text, nullable=False),
        sa.Column("build", sa.Text, nullable=False),
        sa.Column("hardware_verified", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_introductions"),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name="fk_introductions_log"),
    )
    op.create_index("ix_introductions_log", "introductions", ["log"])
    op.create_table(
        "records",
        sa.Column("log", sa.Integer, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("raw", sa.LargeBinary(96), nullable=False),
        sa.Column("unix_ms", sa.BigInteger),
        sa.Column("trouble", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("log", "number", name="pk_records"),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name="fk_records_log"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "heads",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("log", sa.Integer, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("head", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_heads"),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name="fk_heads_log"),
        sa.UniqueConstraint("log", "number", "head", name="uq_heads_log"),
    )
    for statement in statements(op.get_context().dialect.name, _TABLES):
        op.execute(statement)
