"""How migrations run: on a connection of their own, in one transaction.

SQLite can change a table only by copying it. With foreign keys on, dropping the old copy would
delete the rows that refer to it, so they are off while a migration runs and checked before it
commits.
"""

from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine, event
from sqlmodel import SQLModel

import app.db.revision
import app.resources  # noqa: F401 - these two define the tables
from app.db import kind
from app.db.sqlite import APPLICATION_ID
from app.settings import Settings


def run(connection: Connection) -> None:
    """Bring the schema of this connection to the revision that was asked for."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"the migration would leave {len(broken)} links without their row")


def own_connection() -> None:
    """Open the database of the settings for the time of the migration."""
    url = context.config.attributes.get("url") or Settings().database_url
    kind(Settings(database_url=url))  # which defines how this database writes the types
    engine = create_engine(url, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _without_foreign_keys)
        event.listen(engine, "begin", _begin)
    with engine.begin() as connection:
        run(connection)
    engine.dispose()


def _without_foreign_keys(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


own_connection()
