"""A run that is being opened in a thread: reading a long plan takes a while, and nobody should stare at nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from orch_tui.store.layout import RunDir

_MB = 1_000_000
_LONG = 500_000  # bytes of a plan from which its size is worth a word


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """`words` say what is being done, `root` is the project; `run` ends with what `opening` returns, or raises."""

    words: str
    root: Path
    opening: Callable[[], RunDir]
    run: Future[RunDir] = field(default_factory=Future[RunDir])

    def begin(self) -> None:
        """Call `opening` in a thread of its own, which does not keep the process when the person leaves."""
        self.run.set_running_or_notify_cancel()  # from here on, nobody who stops waiting can cancel it
        threading.Thread(target=self._open, name="opening", daemon=True).start()

    def _open(self) -> None:
        try:
            self.run.set_result(self.opening())
        except BaseException as error:  # noqa: BLE001 - for whoever waits
            self.run.set_exception(error)


def reading(plan: Path) -> str:
    """That a plan is being read, with its size when that explains why it takes a while."""
    try:
        size = plan.stat().st_size
    except OSError:
        size = 0
    return f"reading {plan.name}" + (f", {size / _MB:.1f} MB" if size >= _LONG else "")
