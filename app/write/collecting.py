"""Keep Python from looking for cyclic garbage among millions of new objects that have none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (100_000, 10, 1_000)
"""How many new objects there are, without those freed meanwhile, before the recent ones are
looked through: a batch of rows makes fewer (docs.python.org/3/library/gc.html#gc.set_threshold).
"""


@contextmanager
def seldom() -> Iterator[None]:
    """Collect cyclic garbage seldom: an import would spend 40 % of its time on it."""
    as_before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*as_before)
        gc.collect()  # what requests have left meanwhile
