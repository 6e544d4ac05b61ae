"""The address of the whole answer behind a brief one."""

from starlette.requests import Request

from app.addresses import addresses_for


def whole_address(request: Request) -> str:
    """The address of the same answer with everything that a brief one leaves out."""
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] != "view"]
    addresses = addresses_for(request.scope)
    return addresses.of(addresses.own(request.scope["path"]), sorted(pairs))
