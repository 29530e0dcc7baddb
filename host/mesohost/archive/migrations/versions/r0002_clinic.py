"""The clinic: users, patients, programs, and the journal of what was entered."""

import sqlalchemy as sa
from alembic import op

from mesohost.archive.triggers import statements

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """From guns alone."""
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("approver", sa.Boolean, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("name", name="uq_users_name"),
    )
    op.create_table(
        "patients",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("reference", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_patients"),
        sa.UniqueConstraint("reference", name="uq_patients_reference"),
    )
    op.create_table(
        "programs",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("patient", sa.Integer),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.Column("erased", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_programs"),
        sa.ForeignKeyConstraint(["patient"], ["patients.id"], name="fk_programs_patient"),
    )
    op.create_index("ix_programs_patient", "programs", ["patient"])
    op.create_table(
        "entries",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("by", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("patient", sa.Integer),
        sa.Column("about", sa.Integer),
        sa.Column("corrects", sa.Integer),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_entries"),
        sa.UniqueConstraint("hash", name="uq_entries_hash"),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name="fk_entries_by"),
        sa.ForeignKeyConstraint(["patient"], ["patients.id"], name="fk_entries_patient"),
        sa.ForeignKeyConstraint(["about"], ["entries.number"], name="fk_entries_about"),
        sa.ForeignKeyConstraint(["corrects"], ["entries.number"], name="fk_entries_corrects"),
    )
    for column in ("kind", "patient", "about", "corrects"):
        op.create_index(f"ix_entries_{column}", "entries", [column])
    for statement in statements(op.get_context().dialect.name, ("entries",)):
        op.execute(statement)
