"""Parameters that other sites add to links to see who follows them; they mean nothing here."""

CAMPAIGN = b"utm_"
"""The beginning of parameters in links of newsletters and announcements."""
CLICKS = (b"fbclid", b"gclid")
"""Parameters in links from Facebook and from Google's advertisements."""


def untracked(query: bytes) -> bytes:
    """A query string without these parameters."""
    if CAMPAIGN not in query and not any(one in query for one in CLICKS):
        return query
    return b"&".join(one for one in query.split(b"&") if not _tracks(one.partition(b"=")[0]))


def _tracks(name: bytes) -> bool:
    return name.startswith(CAMPAIGN) or name in CLICKS
