"""Every refusal says, in plain words, what to send instead."""

import json
import re
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from tests.documented import spelt_out
from tests.looking import some

ID = (
    "must be lower-case letters and digits in words joined by single hyphens, such as "
    "`follicular-lymphoma`"
)
FLAG = "must be true or false"
FORBIDDEN = "contains characters that are not allowed here"
EXPECTED = {
    "/v1/evidence?limit=0": ("limit", "must be a whole number from 1 to 200"),
    "/v1/evidence?limit=ten": ("limit", "must be a whole number from 1 to 200"),
    "/v1/evidence?limit=1.5": ("limit", "must be a whole number from 1 to 200"),
    "/v1/evidence?known_by=2031": ("known_by", "must be a whole number from 1950 to 2030"),
    "/v1/graph?known_by=now": ("known_by", "must be a whole number from 1950 to 2030"),
    "/v1/evidence?native=maybe": ("native", FLAG),
    "/v1/conflicts?computed=": ("computed", FLAG),
    "/v1/evidence?level=Z": ("level", "must be `A`, `B`, `C`, `D` or `E`"),
    "/v1/evidence?rollup=all": ("rollup", "must be `descendants` or `exact`"),
    "/v1/evidence?mechanism=QQQ%20X": ("mechanism", ID),
    "/v1/evidence?mechanism=A&mechanism=adcc": ("mechanism", f"value 1 of 2 {ID}"),
    "/v1/graph/paths?source=A_B&target=irf4": ("source", ID),
    "/v1/outcomes?arm=A%20B": ("arm", ID),
    "/v1/mechanisms/QQQ": ("id", ID),
    f"/v1/mechanisms/{'a' * 101}": ("id", "must have at most 100 characters"),
    "/v1/subtypes?xref=%01": ("xref", FORBIDDEN),
    "/v1/subtypes?xref=": ("xref", "must have 1 or more characters"),
    f"/v1/evidence?cursor={'a' * 1_001}": ("cursor", "must have at most 1000 characters"),
    f"/v1/evidence?{'kind=approval&' * 21}": ("kind", "takes at most 20 values"),
    "/v1/graph/paths?source=crbn": ("target", "is required"),
    "/v1/matrix?columns=context": ("rows", "is required"),
}


@pytest.mark.parametrize("address", EXPECTED)
def test_a_refusal_says_what_to_send(client: TestClient, address: str) -> None:
    answer = client.get(address)

    name, message = EXPECTED[address]
    assert answer.status_code == 422
    assert answer.json()["faults"] == [{"parameter": name, "message": message, "nearest": []}]


@pytest.mark.parametrize("name", ["subtype[]", "subtype[0]"])
def test_a_name_with_brackets_is_told_without(client: TestClient, name: str) -> None:
    answer = client.get("/v1/evidence", params={name: "follicular-lymphoma"})

    assert answer.status_code == 422
    assert answer.json()["faults"] == [
        {
            "parameter": name,
            "message": "is not a parameter of this address; send `subtype` without brackets, once "
            "for each value",
            "nearest": ["subtype"],
        }
    ]


WRONG = ("", "A_B c", "\x01", "a" * 1_001, "9" * 30)
# Words of the validator, of Python and of regular expressions.
RAW = re.compile(
    r"[\^$\\]|\b(input|string|tuple|pars\w+|integer|boolean|field|error|value)\b", re.IGNORECASE
)


def parameters(client: TestClient) -> dict[str, str]:
    """Each query parameter that any address takes, with such an address, by its declaration."""
    paths = spelt_out(client.get("/openapi.json").json())["paths"]
    return {
        json.dumps(parameter, sort_keys=True): path.replace("{id}", "any")
        for path, methods in paths.items()
        for parameter in methods.get("get", {}).get("parameters", [])
        if parameter["in"] == "query"
    }


@pytest.mark.slow
@pytest.mark.covering
def test_no_parameter_of_any_address_is_refused_in_the_words_of_the_validator(
    apps: dict[str, TestClient],
) -> None:
    client, told = apps["sqlite"], set()
    for declaration, path in some(parameters(client).items()):
        name = json.loads(declaration)["name"]
        many = "&".join([f"{name}=a"] * 21)
        for query in (many, *(f"{name}={quote(value)}" for value in WRONG)):
            answer = client.get(f"{path}?{query}")
            if answer.status_code == 422:
                told |= {fault["message"] for fault in answer.json()["faults"]}

    assert {ID, FLAG, FORBIDDEN} < told
    assert not {message for message in told if RAW.search(message)}
