"""The signed network of mechanisms: paths with their proof, meeting nodes, reasons for no path.

Nothing here knows HTTP or SQL. A network is built once and then only read, so threads may share it.
"""

from app.network.budget import Budget, Stop
from app.network.digraph import Network
from app.network.meeting import Agreement, Convergence, Meeting, meetings
from app.network.parts import (
    ANY_CELL,
    EVIDENCE_ONLY,
    LEVELS,
    NO_ORIGIN,
    ORIGINS,
    Cell,
    Edge,
    Evidence,
    Filter,
    Node,
)
from app.network.paths import DEFAULT_RULES, Path, Rules
from app.network.question import Answer, find_paths
from app.network.why import Reason, Why

__all__ = [
    "ANY_CELL",
    "DEFAULT_RULES",
    "EVIDENCE_ONLY",
    "LEVELS",
    "NO_ORIGIN",
    "ORIGINS",
    "Agreement",
    "Answer",
    "Budget",
    "Cell",
    "Convergence",
    "Edge",
    "Evidence",
    "Filter",
    "Meeting",
    "Network",
    "Node",
    "Path",
    "Reason",
    "Rules",
    "Stop",
    "Why",
    "find_paths",
    "meetings",
]
