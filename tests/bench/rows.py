"""What is measured, as data: a new row here is a new row in the report."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SERVICE, TUTORIAL = "service on SQLite", "tutorial on SQLite"
SERVICE_PG, TUTORIAL_PG = "service on PostgreSQL", "tutorial on PostgreSQL"
UNCACHED, UNCACHED_PG = f"{SERVICE}, uncached", f"{SERVICE_PG}, uncached"
DATASETTE = "Datasette, rows only"
BARE = "bare ASGI"

LIST = "/v1/mechanisms?limit=20"
WHOLE_LIST = "/v1/mechanisms"
ITEM = "/v1/mechanisms/adcc-enhancement"
# Datasette names the database after the file.
DATASETTE_LIST = "/bench/mechanism.json?_size=20&_shape=objects"
ROLL_UP = "/v1/evidence?subtype=b-cell-non-hodgkin-lymphoma&limit=20"
NARROW_ROLL_UP = "/v1/evidence?subtype=diffuse-large-b-cell-lymphoma&limit=20"
MATRIX = "/v1/matrix?rows=mechanism&columns=subtype"
SEARCH = "/v1/search?q=ibrutinib+synergy"
COMMON_SEARCH = "/v1/search?q=mantle+cell+lymphoma+response"
PATHS = "/v1/graph/paths?source=lenalidomide&target=tumour-cell-death"
PICTURE = "/v1/graph?format=svg"
FRONT, PAGE = "/", "/mechanisms/adcc-enhancement"
TABLES = {"CSV": "/v1/evidence?format=csv", "NDJSON": "/v1/evidence?format=ndjson"}


@dataclass(frozen=True)
class Row:
    """One target of one server, divided by the same target of another."""

    about: str
    target: str
    server: str
    against: str
    goal: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    known: bool = False
    """Whether the caller has the answer already and sends its `ETag`."""
    other: str | None = None
    """The target on the other side, where that is another."""


GZIP = {"Accept-Encoding": "gzip"}

ROWS = (
    Row("list of 20", LIST, UNCACHED, TUTORIAL, goal=8),
    Row("list of 20", LIST, UNCACHED, DATASETTE, goal=4, other=DATASETTE_LIST),
    Row("item", ITEM, UNCACHED, TUTORIAL, goal=5),
    Row("list of 20", LIST, UNCACHED_PG, TUTORIAL_PG),
    Row("item", ITEM, UNCACHED_PG, TUTORIAL_PG),
    Row("list with a query string", LIST, SERVICE, BARE, goal=0.55),
    Row("list without", WHOLE_LIST, SERVICE, BARE, goal=0.55),
    Row("list, gzip", LIST, SERVICE, BARE, goal=0.55, headers=GZIP),
    Row("item", ITEM, SERVICE, BARE, goal=0.55),
    Row("item, gzip", ITEM, SERVICE, BARE, goal=0.55, headers=GZIP),
    Row("list, 304", LIST, SERVICE, BARE, goal=0.65, known=True),
    Row("roll-up filter", ROLL_UP, SERVICE, BARE, goal=0.55),
    Row("roll-up filter", ROLL_UP, UNCACHED, BARE),
    Row("matrix", MATRIX, SERVICE, BARE, goal=0.55),
    Row("matrix", MATRIX, UNCACHED, BARE),
    Row("paths", PATHS, SERVICE, BARE, goal=0.55),
    Row("paths", PATHS, UNCACHED, BARE),
    Row("picture of the network (SVG)", PICTURE, SERVICE, BARE, goal=0.55),
    Row("picture of the network (SVG)", PICTURE, UNCACHED, BARE),
    Row("front page", FRONT, SERVICE, BARE, goal=0.70),
    Row("front page, gzip", FRONT, SERVICE, BARE, goal=0.70, headers=GZIP),
    Row("page of a mechanism", PAGE, SERVICE, BARE, goal=0.70),
    Row("list with a query string", LIST, SERVICE_PG, BARE),
)

# Both apps must give the same answers to these before anything is timed.
COMPARED = (LIST, ITEM)


@dataclass(frozen=True)
class Point:
    """One target of the service whose time is followed as the database grows."""

    about: str
    target: str
    page: int = 1
    goal: float | None = None


DEEP = 1000

POINTS = (
    Point("first page", "/v1/evidence", goal=2),
    Point(f"page {DEEP:,}", "/v1/evidence", page=DEEP, goal=2),
    Point("roll-up, whole tree", ROLL_UP, goal=2),
    Point("roll-up, a branch", NARROW_ROLL_UP, goal=2),
    Point("claim", "/v1/evidence/lu-degrades-ikzf1", goal=4),
    Point("mechanism", ITEM, goal=4),
    Point("list of 20 mechanisms", LIST),
    Point("matrix", MATRIX),
    Point("search", SEARCH, goal=4),
    Point("search, common words", COMMON_SEARCH),
)
# The goals hold between these numbers of claims.
FROM, TO = 1_000, 100_000
