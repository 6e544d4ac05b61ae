"""Each database has one writer, readers that cannot write, and time limits."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from starlette.requests import Request
from starlette.routing import Route
from starlette.testclient import TestClient

from app.db import Database
from app.errors import TRY_AGAIN, Invalid, Unavailable
from app.logs import JsonLine
from app.main import create_app
from app.settings import Settings
from seed import RELEASE

pytestmark = pytest.mark.covering

ENDLESS = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers)
SELECT count(*) FROM numbers
"""


@pytest.fixture
def db(copy: Settings) -> Any:
    found = Database(copy)
    yield found
    found.close()


def test_a_reader_cannot_write(db: Database) -> None:
    with pytest.raises(Unavailable), db.read() as reading:
        reading.connection.execute(text("DELETE FROM conflict_side_evidence"))

    with db.read() as reading:
        assert reading.connection.execute(
            text("SELECT count(*) FROM conflict_side_evidence")
        ).scalar()


def test_an_error_undoes_everything(db: Database) -> None:
    def fail_half_way() -> None:
        with db.write() as connection:
            connection.execute(text("DELETE FROM conflict_side_evidence"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()

    with db.read() as reading:
        assert reading.connection.execute(
            text("SELECT count(*) FROM conflict_side_evidence")
        ).scalar()


@pytest.mark.parametrize(
    "smuggled",
    [
        "UPDATE mechanism SET mode = 'magic'",
        "UPDATE mechanism SET id = ''",
        """UPDATE outcome SET id = id || '"'""",
        "UPDATE mechanism SET version = 0",
        "UPDATE mechanism SET name = NULL",
        "UPDATE edge SET source_id = 'nobody'",
        "UPDATE outcome SET ci_low = value + 1",
        "UPDATE outcome SET event = 'harm' WHERE measure = 'ORR'",
        "UPDATE evidence_subject_link SET subtype_id = 'follicular-lymphoma'",
        "UPDATE evidence_context SET context = 'moon'",
        "UPDATE reference_author SET literal = 'both' WHERE family IS NOT NULL",
        "UPDATE dataset SET id = 2",
        "DELETE FROM entity WHERE id = 'crbn'",
    ],
)
def test_the_database_refuses_what_breaks_a_rule(db: Database, smuggled: str) -> None:
    with pytest.raises(IntegrityError), db.write() as connection:
        connection.execute(text(smuggled))


def test_the_database_refuses_a_value_of_another_type(db: Database) -> None:
    with pytest.raises((IntegrityError, Invalid)), db.write() as connection:
        connection.execute(text("UPDATE outcome SET value = 'many'"))


def test_an_endless_question_is_stopped(copy: Settings) -> None:
    db = Database(copy.model_copy(update={"statement_seconds": 1.0}))

    with pytest.raises(Unavailable) as caught, db.read() as reading:
        reading.connection.execute(text(ENDLESS))

    assert caught.value.headers == {"Retry-After": "2"}
    with db.read() as reading:
        assert reading.connection.execute(text("SELECT 1")).scalar() == 1
    db.close()


def test_a_state_that_cannot_be_read_in_time_is_an_outage(postgres_url: str) -> None:
    """A reader of PostgreSQL reads the state first of all, and waits no longer for its table."""
    settings = Settings(database_url=postgres_url, wait_seconds=1)
    db, other = Database(settings), Database(settings)

    with other.write() as connection:
        connection.execute(text("LOCK TABLE dataset IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(Unavailable), db.read():
            pass

    with db.read() as reading:
        assert reading.release == RELEASE
    db.close()
    other.close()


def test_a_writer_may_compute_between_two_statements(postgres_url: str) -> None:
    """On a busy machine, `rebuild` once computed for longer than the server let it idle."""
    db = Database(Settings(database_url=postgres_url))

    with db.write() as connection:
        limit = connection.execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one()

    assert limit == "10min"
    db.close()


def test_two_writers_take_turns(db: Database) -> None:
    def raise_revision(_: int) -> None:
        with db.write() as connection:
            lock = "" if db.settings.embedded else " FOR UPDATE"
            seen = connection.execute(text(f"SELECT revision FROM dataset{lock}")).scalar_one()
            connection.execute(text("UPDATE dataset SET revision = :new"), {"new": seen + 1})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(raise_revision, range(40)))

    with db.read() as reading:
        assert reading.connection.execute(text("SELECT revision FROM dataset")).scalar_one() == 41


def test_a_hundred_readers_at_once_are_all_answered(copy: Settings) -> None:
    with TestClient(create_app(copy.model_copy(update={"threads": 4}))) as client:
        start = threading.Barrier(100)

        def ask(_: int) -> int:
            start.wait()
            return client.get("/v1/mechanisms?limit=3").status_code

        with ThreadPoolExecutor(100) as pool:
            assert set(pool.map(ask, range(100))) == {200}


def test_all_connections_in_use_is_told(copy: Settings) -> None:
    db = Database(copy.model_copy(update={"threads": 1, "wait_seconds": 0.1}))

    with db.read(), pytest.raises(Unavailable) as caught, db.read():
        pass
    assert caught.value.detail == f"All connections to the database are in use. {TRY_AGAIN}"
    db.close()


def test_a_fault_of_ours_is_a_problem_without_detail_and_the_next_request_works(
    copy: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Request) -> None:
        raise ZeroDivisionError("by the row of mechanism_step")

    app = create_app(copy)
    app.router.routes.append(Route("/v1/faulty", fail))
    with TestClient(app) as client:
        answer = client.get("/v1/faulty")

        assert answer.status_code == 500
        document = answer.json()
        assert (
            document["detail"]
            == "Something went wrong on our side; report it with its `request_id`."
        )
        assert "mechanism_step" not in answer.text
        (line,) = [
            json.loads(JsonLine().format(record))
            for record in caplog.records
            if record.name == "moa" and record.exc_info
        ]
        assert line["request_id"] == document["request_id"]
        assert "mechanism_step" in line["trace"]
        assert client.get("/v1/subtypes").status_code == 200


def test_a_locked_database_is_told(copy: Settings) -> None:
    if not copy.embedded:
        pytest.skip("writers of PostgreSQL lock rows, not the database")
    first, second = Database(copy), Database(copy.model_copy(update={"wait_seconds": 0.1}))

    with first.write(), pytest.raises(Unavailable), second.write():
        pass
    first.close()
    second.close()
