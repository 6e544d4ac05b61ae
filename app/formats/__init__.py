"""Files for other programs."""

from collections.abc import Callable, Mapping

from app.formats import cx2, graphml, kgx, sif, tsv
from app.formats.network_part import NetworkPart

GRAPH_FILES: Mapping[str, Callable[[NetworkPart], str | bytes]] = {
    "cx2": cx2.document,
    "graphml": graphml.document,
    "tsv": tsv.document,
    "sif": sif.document,
    "kgx": kgx.document,
}
"""The function that makes a file of a graph, by the name of its form in `app.schema.forms`."""

ENDINGS: Mapping[str, str] = {"kgx": "kgx.zip", "sssom": "sssom.tsv"}
"""The ending of a file's name, where it is not the name of its form."""
