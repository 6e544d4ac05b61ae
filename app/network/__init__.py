"""The signed network of mechanisms: paths, meetings of two drugs, reasons for no path.

Nothing here knows about HTTP or SQL. A network is built once and then only read, so threads may
share it.
"""

from app.network.budget import Budget, Stop
from app.network.digraph import Network
from app.network.find import Answer, find_paths
from app.network.meeting import Agreement, Convergence, Meeting, meetings
from app.network.parts import (
    ANY_CELL,
    EVIDENCE_ONLY,
    LEVELS,
    NO_ORIGIN,
    ORIGINS,
    Cell,
    Filter,
    Node,
    Proof,
    Step,
)
from app.network.paths import DEFAULT_RULES, Path, Rules
from app.network.places import Move, Place, moves
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
    "Filter",
    "Meeting",
    "Move",
    "Network",
    "Node",
    "Path",
    "Place",
    "Proof",
    "Reason",
    "Rules",
    "Step",
    "Stop",
    "Why",
    "find_paths",
    "meetings",
    "moves",
]
