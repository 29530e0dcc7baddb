"""The schema's revisions, by Alembic: imported only where a database is made or brought up."""

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory


def config() -> Config:
    """Alembic's configuration: the revisions stand in this package."""
    made = Config()
    made.set_main_option("script_location", "mesohost.archive:migrations")
    return made


def known() -> set[str]:
    """All revisions."""
    return {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}


def newest() -> str | None:
    """The newest revision."""
    return ScriptDirectory.from_config(config()).get_current_head()


def upgrade(connection: sa.Connection, to: str = "head") -> None:
    """Bring the schema to the revision `to`, in the connection's transaction."""
    made = config()
    made.attributes["connection"] = connection
    command.upgrade(made, to)
