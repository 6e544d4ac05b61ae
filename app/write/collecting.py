"""Keep Python from looking for cyclic garbage among millions of new objects that have none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 1
"""The objects made since the last but one collection (docs.python.org/3/library/gc.html)."""


@contextmanager
def on_request() -> Iterator[None]:
    """Collect cyclic garbage only on request: an import would spend 40 % of its time on it."""
    as_before = gc.enable if gc.isenabled() else gc.disable
    gc.disable()
    try:
        yield
    finally:
        as_before()
        gc.collect()  # what requests have left meanwhile


def collect_young() -> None:
    """Collect the cyclic garbage of recent objects, of which few are left between batches."""
    gc.collect(YOUNG)
