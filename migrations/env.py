"""Run migrations on a connection of their own, in one transaction.

On SQLite, foreign keys are off meanwhile; they are checked before the transaction commits.
"""

from typing import Literal

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, TypeDecorator
from sqlmodel import SQLModel

import app.db.revision
import app.resources
import app.schema.curation
import app.schema.index
import app.schema.stored_counts  # noqa: F401 - the imports define the tables
from app.db import kind
from app.settings import Settings


def plain(_kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write a type of SQLModel as the SQLAlchemy type beneath it; leave others as they are."""
    return f"sa.{item.impl_instance!r}" if isinstance(item, TypeDecorator) else False


def run(connection: Connection) -> None:
    """Bring the schema to the requested revision."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        render_item=plain,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise CommandError(f"links that lead to no row: {len(broken)}")


def own_connection() -> None:
    """Connect to the configured database for the migration."""
    url = context.config.attributes.get("url") or Settings().database_url
    engine: Engine = kind(Settings(database_url=url)).migrating(url)
    with engine.begin() as connection:
        run(connection)
    engine.dispose()


own_connection()
