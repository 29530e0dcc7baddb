"""The archive's tables, as the newest migration leaves them; a test keeps the two equal."""

import sqlalchemy as sa

META = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

# One row: which archive this is. Guns know it by `archive`, 32 hex digits.
IDENTITY = sa.Table(
    "identity",
    META,
    sa.Column("archive", sa.String(32), primary_key=True),
    sa.Column("created", sa.String(32), nullable=False),
)

# One row for each log of a gun, `part` counting from 1.
LOGS = sa.Table(
    "logs",
    META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("board", sa.String(32), nullable=False),
    sa.Column("part", sa.Integer, nullable=False),
    sa.Column("created", sa.String(32), nullable=False),
    sa.UniqueConstraint("board", "part"),
)

# How a gun introduced itself when its log was pulled: a row for each change.
INTRODUCTIONS = sa.Table(
    "introductions",
    META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("log", sa.Integer, sa.ForeignKey("logs.id"), nullable=False, index=True),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("firmware", sa.Text, nullable=False),
    sa.Column("build", sa.Text, nullable=False),
    sa.Column("hardware_verified", sa.Boolean, nullable=False),
)

# The gun's records: the 96 bytes alone count.
RECORDS = sa.Table(
    "records",
    META,
    sa.Column("log", sa.Integer, sa.ForeignKey("logs.id"), primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("raw", sa.LargeBinary(96), nullable=False),
    sa.Column("unix_ms", sa.BigInteger),
    sa.Column("trouble", sa.String(16), nullable=False),
    sqlite_with_rowid=False,
)

# What guns said the chain link of a record was, in the order in which they said it.
HEADS = sa.Table(
    "heads",
    META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("log", sa.Integer, sa.ForeignKey("logs.id"), nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("head", sa.String(32), nullable=False),
    sa.UniqueConstraint("log", "number", "head"),
)

# Who works here. `hash` is argon2's, of the password; names are never given twice.
USERS = sa.Table(
    "users",
    META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(64), nullable=False, unique=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("approver", sa.Boolean, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

# Who is treated. Entries name the `id` alone, so that the reference can be erased.
PATIENTS = sa.Table(
    "patients",
    META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("reference", sa.String(64), unique=True),
)

# The texts of programs that sessions were planned with. They hold the patient's reference: where
# that is erased, `erased` is set, and `text` no longer has the hash `sha256`.
PROGRAMS = sa.Table(
    "programs",
    META,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("patient", sa.Integer, sa.ForeignKey("patients.id"), index=True),
    sa.Column("text", sa.LargeBinary, nullable=False),
    sa.Column("erased", sa.Boolean, nullable=False),
)

# The clinic's journal: everything that was entered, each entry chained to the one before.
ENTRIES = sa.Table(
    "entries",
    META,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("by", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False, index=True),
    sa.Column("patient", sa.Integer, sa.ForeignKey("patients.id"), index=True),
    sa.Column("about", sa.Integer, sa.ForeignKey("entries.number"), index=True),
    sa.Column("corrects", sa.Integer, sa.ForeignKey("entries.number"), index=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("prev", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),
)

# The tables in which a row, once written, is neither changed nor removed: triggers see to it.
APPEND_ONLY = ("identity", "logs", "introductions", "records", "heads", "entries")
