"""The operations of the types that test_fuzzing.py omits do what the document says, too.

A module of its own, because to import it takes as long as to import that one again.
"""

from typing import Any

import pytest
from schemathesis import Case

from app.main import create_app
from app.settings import Settings
from tests.conftest import BOTH
from tests.test_fuzzing import ALIKE, chosen, obeys_its_document, schema, thorough


@pytest.fixture(params=BOTH, scope="session")
def on_each(request: pytest.FixtureRequest, urls: dict[str, str]) -> None:
    chosen.app = create_app(Settings(database_url=urls[request.param]))


@pytest.mark.full
@pytest.mark.usefixtures("on_each")
@schema.include(method="GET", path_regex=ALIKE).parametrize()
@thorough
def test_what_every_type_has_does_so_too(case: Case[Any]) -> None:
    obeys_its_document(case)
