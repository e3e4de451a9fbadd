"""A time without garbage collection."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def growing() -> Generator[None]:
    """No search for garbage while much is built of which nothing is garbage: it would take a part of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
