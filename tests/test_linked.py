"""The dataset for search engines, and the catalogue by which programs find the API."""

import pytest
from starlette.testclient import TestClient

from app.formats.bundles import BUNDLES


@pytest.mark.parametrize("query", ["?format=jsonld", ""])
def test_the_dataset_is_described_for_search_engines(client: TestClient, query: str) -> None:
    answer = client.get(f"/v1/dataset{query}", headers={"Accept": "application/ld+json"})
    found = answer.json()

    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["etag"]
    assert (found["@context"], found["@type"]) == ("https://schema.org", "Dataset")
    plain = client.get("/v1/dataset").json()
    assert (found["version"], found["creditText"]) == (plain["version"], plain["citation"])
    assert [one["name"] for one in found["distribution"]] == list(BUNDLES)
    for one in found["distribution"]:
        assert client.get(one["contentUrl"]).headers["content-type"] == one["encodingFormat"]


def test_the_catalogue_leads_to_the_api(client: TestClient) -> None:
    answer = client.get("/.well-known/api-catalog")
    (links,) = answer.json()["linkset"]

    assert answer.headers["content-type"] == "application/linkset+json"
    assert client.get(links["anchor"]).status_code == 200
    for relation in ("service-desc", "service-doc", "item"):
        for link in links[relation]:
            kept = client.get(link["href"], headers={"Accept": link["type"]})
            assert kept.headers["content-type"].partition(";")[0] == link["type"]
