"""Which media type an answer has, by what the caller accepts."""

from app.errors import NotAcceptable

JSON = "application/json"


def accepts(header: str | None, offered: str) -> bool:
    """Whether an Accept header allows a media type; none at all allows every one."""
    if not header or not header.strip():
        return True
    kind = offered.split("/", maxsplit=1)[0]
    best = (-1, 0.0)
    for part in header.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        rank = {offered: 2, f"{kind}/*": 1, "*/*": 0}.get(name, -1)
        if rank > best[0]:
            best = (rank, _quality(parameters))
    return best[1] > 0


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0


def require_json(header: str | None) -> None:
    """Refuse to send JSON to who does not accept it."""
    if not accepts(header, JSON):
        raise NotAcceptable(f"This address has {JSON}.")
