"""The log holds what an operator needs about a request, and nothing that was sent."""

import json
import logging

import pytest
from starlette.testclient import TestClient

from app.logs import JsonLine
from app.main import create_app
from app.settings import Settings

REQUEST = "/v1/mechanisms?limit=0&secret=1"


@pytest.mark.parametrize("wanted", [False, True])
def test_requests_are_logged_where_it_is_wanted(
    copy: Settings, caplog: pytest.LogCaptureFixture, *, wanted: bool
) -> None:
    caplog.set_level(logging.INFO, "moa")
    with TestClient(create_app(copy.model_copy(update={"access_log": wanted}))) as client:
        client.get(REQUEST, headers={"X-Request-Id": "one-of-mine"})

    lines = [json.loads(JsonLine().format(record)) for record in caplog.records]
    found = [line for line in lines if line["message"] == "request"]
    if not wanted:
        assert found == []
        return
    (line,) = found
    assert (line["request_id"], line["method"], line["status"]) == ("one-of-mine", "GET", 422)
    assert line["ms"] >= 0
    assert "secret" not in str(line)
