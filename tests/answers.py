"""Write the example answers in the OpenAPI document: `python -m tests.answers`."""

import json
import tempfile
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from app import startup
from app.http.openapi.names import camel
from app.main import create_app
from app.resources import ALL
from app.settings import ROOT, Settings
from tests.conftest import fill
from tests.curating import Curator, bearer, new_key
from tests.documented import spelt_out, to_try

FILE = ROOT / "app" / "api" / "answers.json"
# Parts that are long and similar to others.
EMPTIED = {
    "Rationale": ("evidence", "trials", "conflicts"),
    "Trial": ("outcomes",),
    "SearchAnswer": ("facets",),
}
STAMPS = dict.fromkeys(("created_at", "updated_at"), "2026-11-30T00:00:00Z")
PROPOSED = "/v1/partners/rituximab?reason=An+example&source=An+example"


def shown(name: str, answer: Any) -> Any:
    """An answer with one item in each list, and within items of a list none."""
    found = cut(answer)
    if name.endswith("List"):
        found["items"] = [without_rows(one) for one in found["items"]]
    return cut_parts(name, found)


def cut_parts(name: str, found: Any) -> Any:
    """The same answer without the long parts of answers with this name."""
    if "total_at_least" in found:
        found |= {"total": len(found["items"]), "total_at_least": len(found["items"]), "next": None}
    for part in EMPTIED.get(name, ()):
        found[part] = []
    for meeting in found.get("meetings", ()):
        for path in (meeting["drug_path"], meeting["partner_path"]):
            path["steps"] = []
    if name.startswith("Proposal"):
        make_short(found.get("items", [found]))
    if name == "Dataset":
        found |= {"method": None, "releases": []}
    if name == "Vocabulary":
        found["lists"] = {"levels": found["lists"]["levels"]}
    return found


def make_short(proposals: list[dict[str, Any]]) -> None:
    """Leave of each the field that it changes, and a moment that stays."""
    for one in proposals:
        one["at"] = STAMPS["created_at"]
        for row in one.keys() & {"before", "after"}:
            one[row] = {"note": one[row]["note"]}


def cut(value: Any) -> Any:
    """The value with the first item of each list."""
    if isinstance(value, list):
        return [cut(one) for one in value[:1]]
    if isinstance(value, dict):
        return {name: STAMPS.get(name) or cut(below) for name, below in value.items()}
    return value


def without_rows(value: Any) -> Any:
    """The value without objects in lists."""
    if isinstance(value, dict):
        return {name: without_rows(below) for name, below in value.items()}
    if isinstance(value, list):
        return [one for one in value if not isinstance(one, dict)]
    return value


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database_url=f"sqlite:///{Path(folder) / 'answers.db'}")
        startup.make(settings, fill, print)
        app = create_app(settings)
        found: dict[str, Any] = {}
        # The rows of these lists show their own fields.
        whole = {f"{camel(one.name)}List" for one in ALL}
        key = new_key(settings, "Example name", "propose")
        admin = bearer(new_key(settings, "Example admin")) | {
            "Content-Type": "application/x-ndjson"
        }
        with TestClient(app) as client:
            bundle = client.get("/v1/downloads/content.ndjson").content
            imported = client.post("/v1/import?dry_run=true", content=bundle, headers=admin)
            found["ImportReport"] = cut(imported.json())
            Curator(client, key).ask("PATCH", PROPOSED, {"note": "An example."})
            for path in spelt_out(app.openapi())["paths"].values():
                if "get" not in path:
                    continue
                content = path["get"]["responses"]["200"]["content"]["application/json"]
                name = content["schema"]["$ref"].rpartition("/")[2]
                if name not in found and name not in whole:
                    found[name] = shown(name, client.get(to_try(path["get"])).json())
    FILE.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
