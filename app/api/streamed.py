"""Files that are sent while they are read, tagged by the state of the data behind them.

A tag made from their bytes would be known only at the end.
"""

import re
from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app import RELEASE, __version__
from app.addresses import addresses_for
from app.db import Reading
from app.db.revision import read_dataset
from app.formats import ENDINGS
from app.http import conditional, negotiation
from app.read.overview import last_change
from app.schema.pages import digest

UNSAFE = re.compile(r"[^A-Za-z0-9.-]")
# Parameters that choose no rows.
OF_THE_FORM = {"format", "bom", "sort", "layout", "theme", "width", "nodes", "view", "fields"}
NOT_MODIFIED = 304
OF_THE_BODY = {"Content-Type", "Content-Length", "Content-Disposition"}


def file_headers(request: Request, reading: Reading, form: str, columns: str) -> dict[str, str]:
    """The state of the data that a file is made from, its name, and its tag.

    The tag covers whatever the bytes depend on; `columns` stands for the shape of a row.
    """
    release, revision = read_dataset(reading.connection)
    (encoding,) = negotiation.read_fields(request.scope, b"accept-encoding")
    prefix, path, query = _asked(request)
    tag = digest(
        *(__version__, RELEASE, release, revision, str(last_change(reading))),
        *(prefix, path, query, form, columns, negotiation.choose_coding(encoding)),
    )
    name = file_name(request, release, revision)
    return conditional.cacheable(release) | {
        "ETag": f'"{tag}"',
        conditional.DATASET_REVISION: str(revision),
        "Content-Disposition": f'inline; filename="{name}.{ENDINGS.get(form, form)}"',
    }


def file_name(request: Request, release: str, revision: int) -> str:
    """A file name that says what the file contains and which state of the data it comes from."""
    _, path, query = _asked(request)
    parts = [path.removeprefix("/v1/").replace("/", "-")]
    if choosing(request):
        parts.append("selected")
    if any(name == "fields" for name, _ in query):
        parts.append("columns")
    if ("view", "brief") in query:
        parts.append("brief")
    parts += [release, f"r{revision}"]
    return UNSAFE.sub("", "-".join(("lenalidomide-moa", *filter(None, parts))))


def choosing(request: Request) -> list[tuple[str, str]]:
    """What chooses the rows and their order; nothing if all rows are asked for."""
    _, _, query = _asked(request)
    if all(name in OF_THE_FORM for name, _ in query):
        return []
    return [pair for pair in query if pair[0] == "sort" or pair[0] not in OF_THE_FORM]


def _asked(request: Request) -> tuple[str, str, list[tuple[str, str]]]:
    """The prefix of a proxy, the path as it is documented, and the parameters in order."""
    addresses = addresses_for(request.scope)
    path = addresses.own(request.scope["path"])
    return addresses.prefix, path, sorted(request.query_params.multi_items())


def streamed(
    request: Request,
    texts: Iterator[str] | Iterator[bytes],
    media_type: str,
    headers: dict[str, str],
) -> Response:
    """The file; without its body if the caller has it."""
    (known,) = negotiation.read_fields(request.scope, b"if-none-match")
    if known and conditional.knows(known, headers["ETag"].encode()):
        kept = {name: text for name, text in headers.items() if name not in OF_THE_BODY}
        return Response(status_code=NOT_MODIFIED, headers=kept)
    return StreamingResponse(texts, headers=headers | {"Content-Type": media_type})
