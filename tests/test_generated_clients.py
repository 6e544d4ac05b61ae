"""Clients that common generators make from the document call every operation of a service.

Each answer is read once, with ids other than those of the examples.
"""

import importlib
import json
import os
import pkgutil
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, get_type_hints

import httpx
import pytest

from app.settings import Settings
from tests.calling import Call, arguments, deciding, importing, plain, reading, writing
from tests.curating import bearer, new_key
from tests.documented import looked_up
from tests.limits import SECONDS
from tests.node import installed
from tests.programs import LIMIT_SECONDS, Program
from tests.proposing import WHY

pytestmark = [pytest.mark.slow, pytest.mark.full]


class Service(NamedTuple):
    """A running service on a database of its own, with a key to change it."""

    base: str
    key: str
    document: Any


@pytest.fixture(scope="module")
def service(urls: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    path = tmp_path_factory.mktemp("called") / "content.db"
    shutil.copy(urls["sqlite"].removeprefix("sqlite:///"), path)
    url = f"sqlite:///{path}"
    with Program(url, "serve") as program:
        program.read("Application startup complete")
        settings = Settings(database_url=url)
        key = new_key(settings)
        base = f"http://127.0.0.1:{program.port}"
        proposed(base, new_key(settings, "proposer", "propose"))
        document = json.loads(program.text("/openapi.json"))
        yield Service(base, key, document)


def proposed(base: str, key: str) -> None:
    """Two proposals for each of the tests, which decide on them."""
    for row in ("rituximab", "bortezomib", "ibrutinib", "obinutuzumab", "venetoclax", "r-chop"):
        address = f"{base}/v1/partners/{row}"
        headers = bearer(key) | {"If-Match": "*", "Content-Type": "application/merge-patch+json"}
        body = json.dumps({"note": "Noted."})
        answer = httpx.patch(address, params=WHY, headers=headers, content=body, timeout=SECONDS)
        assert answer.status_code == 202, answer.text


# Each test decides on two proposals of its own.
FIRST = {"python-client": 1, "generator": 3, "typescript": 5}


def calls(service: Service, of: str) -> list[Call]:
    """A call of every operation."""
    document = service.document
    found = [*reading(document, service.base), *writing(document), *deciding(FIRST[of])]
    found += importing()
    every = {one["operationId"] for path in document["paths"].values() for one in path.values()}
    assert {call.operation for call in found} == every
    return found


def generated(folder: Path, service: Service, *command: str | Path) -> None:
    (folder / "openapi.json").write_text(json.dumps(service.document), "utf-8")
    programs = Path(sys.executable).parent
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


# --- openapi-python-client ---------------------------------------------------------------------


def test_openapi_python_client(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generated(
        tmp_path,
        service,
        *("openapi-python-client", "generate", "--path=openapi.json"),
        *("--output-path=moa_opc", "--meta=none"),
    )
    monkeypatch.syspath_prepend(tmp_path)
    package = importlib.import_module("moa_opc")
    operations = {
        one.__name__.rpartition(".")[2]: one
        for one in modules(importlib.import_module("moa_opc.api"))
        if hasattr(one, "sync_detailed")
    }
    client = package.AuthenticatedClient(base_url=service.base, token=service.key, timeout=SECONDS)
    asking = client.get_httpx_client()

    for call in calls(service, "python-client"):
        function = operations[call.operation].sync_detailed
        hints = get_type_hints(function)
        given = dict(call.values) | {"if_match": "*"}
        asked = {
            name: hints[name](value) if isinstance(hints[name], type) else value
            for name, value in arguments(function, given).items()
        }
        if isinstance(call.body, str):
            asked["body"] = hints["body"](payload=BytesIO(call.body.encode()))
        elif call.body is not None:
            asked["body"] = hints["body"].from_dict(dict(call.body))
        answer = function(client=client, **asked)

        assert answer.status_code in (200, 201, 204), (call.operation, answer.content)
        if answer.status_code != 204:
            read = plain(answer.parsed.to_dict())
            assert read == plain(json.loads(answer.content)), call.operation
    asking.close()


# --- openapi-generator, python -----------------------------------------------------------------


def java() -> str:
    found = shutil.which("java")
    if found is None:
        pytest.skip("Java is not installed")
    return found


def test_openapi_generator_for_python(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = java()
    package = pytest.importorskip("openapi_generator_cli", reason="the generator is not installed")
    jar = str(files(package).joinpath("openapi-generator.jar"))
    generated(
        tmp_path,
        service,
        *(program, "-jar", jar, "generate", "-g", "python", "-i", "openapi.json", "-o", "."),
        "--additional-properties=packageName=moa_oag",
        "--global-property=apiTests=false,modelTests=false,apiDocs=false,modelDocs=false",
    )
    monkeypatch.syspath_prepend(tmp_path)
    client = importlib.import_module("moa_oag")
    configuration = client.Configuration(host=service.base, access_token=service.key)
    with client.ApiClient(configuration) as asking:
        operations = {
            name.removesuffix("_with_http_info"): getattr(one(asking), name)
            for module in modules(importlib.import_module("moa_oag.api"))
            for one in vars(module).values()
            if isinstance(one, type) and one.__name__.endswith("Api")
            for name in dir(one)
            if name.endswith("_with_http_info")
        }
        for call in calls(service, "generator"):
            answer = asked_of(client, operations[call.operation], call)
            assert answer.status_code in (200, 201, 204), call.operation
            if answer.status_code != 204:
                read = plain(json.loads(answer.data.to_json()))
                assert read == plain(json.loads(answer.raw_data)), call.operation


def asked_of(client: ModuleType, operation: Any, call: Call) -> Any:
    given: dict[str, Any] = dict(call.values) | {"if_match": "*"}
    if isinstance(call.body, str):
        return operation(call.body.encode())
    if call.body is not None:
        name = call.operation.partition("_")[2]
        name = "proposal_decision" if name == "proposal" else f"{name}_write"
        shape = getattr(client, "".join(map(str.title, name.split("_"))))
        given |= {"row_patch": dict(call.body), "request_body": dict(call.body)}
        if not call.operation.startswith("update_"):
            given |= {name: shape.from_dict(dict(call.body))}
    return operation(**arguments(operation, given))


# --- openapi-typescript and openapi-fetch ------------------------------------------------------

HEAD = """import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

const client = createClient<paths>({ baseUrl: %s });
const headers = { Authorization: %s };

function read<T>(name: string, answer: { data?: T; error?: { detail: string } }): T {
  if (answer.data === undefined) throw new Error(name + ": " + answer.error?.detail);
  console.log(name);
  return answer.data;
}
"""
PLAIN = (
    """headers: { ...headers, "Content-Type": "application/x-ndjson" }, bodySerializer: String"""
)
OPTIONS = {
    "compilerOptions": {
        "strict": True,
        "noUncheckedIndexedAccess": True,
        "exactOptionalPropertyTypes": True,
        "target": "ES2022",
        "module": "NodeNext",
        "moduleResolution": "NodeNext",
        "types": [],
        "lib": ["ES2022", "DOM", "DOM.Iterable"],
        "skipLibCheck": False,
    },
    "files": ["calls.ts"],
}


def test_openapi_typescript(service: Service, tmp_path: Path) -> None:
    packages = installed(tmp_path)
    (tmp_path / "openapi.json").write_text(json.dumps(service.document), "utf-8")
    made = packages.run("openapi-typescript", "openapi.json", "-o", "schema.d.ts")
    assert made.returncode == 0, made.stderr
    found = calls(service, "typescript")
    (tmp_path / "calls.ts").write_text(script(service, found), "utf-8")
    (tmp_path / "tsconfig.json").write_text(json.dumps(OPTIONS), "utf-8")
    package = json.loads((tmp_path / "package.json").read_text("utf-8")) | {"type": "module"}
    (tmp_path / "package.json").write_text(json.dumps(package), "utf-8")

    compiled = packages.run("tsc", "--project", "tsconfig.json")
    assert compiled.returncode == 0, compiled.stdout
    answered = packages.run("node", "calls.js")
    assert answered.returncode == 0, answered.stderr
    assert answered.stdout.split() == [call.operation for call in found]


def script(service: Service, found: list[Call]) -> str:
    lines = [HEAD % (json.dumps(service.base), json.dumps(f"Bearer {service.key}"))]
    for number, call in enumerate(found):
        options: dict[str, Any] = {"params": placed(call)}
        if call.body is not None:
            options["body"] = call.body
        method, path, name = call.method.upper(), json.dumps(call.path), json.dumps(call.operation)
        asked = f"client.{method}({path}, {{ headers, ...{json.dumps(options)} }})"
        if isinstance(call.body, str):
            asked = asked.replace("{ headers, ", f"{{ {PLAIN}, ")
        if call.method == "delete":
            lines += [
                f"const a{number} = await {asked};",
                f"if (a{number}.response.status !== 204) throw a{number}.error;",
                f"console.log({name});",
            ]
            continue
        lines.append(f"const a{number} = read({name}, await {asked});")
        lines += [f"void a{number}.{one};" for one in fields(service.document, call)]
    return "\n".join([*lines, ""])


def placed(call: Call) -> Mapping[str, Any]:
    """The parameters by their places."""
    in_path = {name: value for name, value in call.values.items() if f"{{{name}}}" in call.path}
    others = {name: value for name, value in call.values.items() if name not in in_path}
    found = {"path": in_path, "query": others, "header": dict(call.header)}
    return {place: values for place, values in found.items() if values}


def fields(document: Any, call: Call) -> list[str]:
    """The fields that every answer has: a change is answered with the row, or as a proposal."""
    responses = document["paths"][call.path][call.method]["responses"]
    answers = [one for status, one in responses.items() if status.startswith("2")]
    shapes = []
    for answer in answers:
        schema = looked_up(document, answer)["content"]["application/json"]["schema"]
        shapes.append(looked_up(document, schema).get("properties", {}).keys())
    first, *others = shapes
    return [name for name in first if all(name in other for other in others)]
