"""Files for other programs."""

from collections.abc import Callable, Mapping

from app.formats import cx2, graphml, kgx, sif, tsv
from app.formats.shown import Shown

GRAPH_FILES: Mapping[str, Callable[[Shown], str | bytes]] = {
    "cx2": cx2.document,
    "graphml": graphml.document,
    "tsv": tsv.document,
    "sif": sif.document,
    "kgx": kgx.document,
}
"""What makes a file of a graph, by the name of its form in `app.schema.forms`."""

ENDINGS: Mapping[str, str] = {"kgx": "kgx.zip", "sssom": "sssom.tsv"}
"""How the name of a file ends where not with the name of its form."""
