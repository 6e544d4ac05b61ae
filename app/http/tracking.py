"""What other sites add to links to see who follows them; it says nothing to this service."""

CAMPAIGN = b"utm_"
"""How parameters of links in newsletters and announcements begin."""
CLICKS = (b"fbclid", b"gclid")
"""Of links on Facebook and in advertisements of Google."""


def untracked(query: bytes) -> bytes:
    """A query string without these parameters."""
    if CAMPAIGN not in query and not any(one in query for one in CLICKS):
        return query
    return b"&".join(one for one in query.split(b"&") if not _tracks(one.partition(b"=")[0]))


def _tracks(name: bytes) -> bool:
    return name.startswith(CAMPAIGN) or name in CLICKS
