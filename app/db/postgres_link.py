"""Connections to PostgreSQL with time limits that this side enforces if the server does not."""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import make_url

from app.settings import Settings

# Seconds beyond its own time limit after which a server counts as silent.
PATIENCE = 1.0
# A dead network is noticed in half a minute (postgresql.org/docs/current/libpq-connect.html).
ALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 4}


class Silent(psycopg.OperationalError):
    """The server does not answer, although its own time limit has passed."""


class Limited(psycopg.Connection[Any]):
    """A connection that waits for an answer no longer than the server may take for it."""

    limit: float | None = None
    """In seconds; None for none."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for what the server sends; psycopg calls this for each statement."""
        try:
            return super().wait(gen, interval, self.limit if timeout is None else timeout)
        except psycopg.OperationalError as error:
            if error.sqlstate or self.info.transaction_status != TransactionStatus.ACTIVE:
                raise
            self.close()
            raise Silent(f"the server has not answered for {self.limit} seconds") from error


def _connecting(settings: Settings, *, writer: bool) -> dict[str, Any]:
    limit = int(settings.statement_seconds * 1000)
    options = {
        "statement_timeout": 0 if writer else limit,
        "lock_timeout": int(settings.wait_seconds * 1000),
        # `doctor` and writers compare the whole content between two statements.
        "idle_in_transaction_session_timeout": 600_000 if writer else 60_000,
        "default_transaction_read_only": "off" if writer else "on",
        "timezone": "UTC",
        "extra_float_digits": 1,
    }
    return {
        **ALIVE,
        "connect_timeout": 3,
        "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
    }


def plain_connection(settings: Settings, *, writer: bool) -> Limited:
    """A connection without SQLAlchemy, in autocommit mode."""
    url = make_url(settings.database_url)
    # SQLAlchemy parses the address, because libpq reads some characters differently.
    _, given = url.get_dialect()().create_connect_args(url)
    return connection_for(settings, given, writer=writer, autocommit=True)


def connection_for(
    settings: Settings, given: Mapping[str, Any], *, writer: bool, autocommit: bool
) -> Limited:
    """A connection with our settings, and a limit of our own where the server has one."""
    named: dict[str, Any] = {**given, **_connecting(settings, writer=writer)}
    made = Limited.connect(**named, autocommit=autocommit)
    locks = settings.wait_seconds if writer else 0
    made.limit = settings.statement_seconds + locks + PATIENCE
    return made
