"""What happened between the last time a person looked at a run and now, in one line: calm, and only what is news."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from orch_tui.clean import one_line
from orch_tui.client.views import money
from orch_tui.clock import duration
from orch_tui.core.state import OVER, State, Status
from orch_tui.directories import state_dir
from orch_tui.errors import OrchError
from orch_tui.store import files
from orch_tui.store.layout import RunDir

LEAST = 60.0
"""Seconds that are worth the name of being away."""
_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """How a run stood when a person looked at it, at wall time `at`."""

    at: float
    phase: str
    done: int
    failed: int
    needs: int
    cost: float
    recoveries: int


def looked(state: State, now: float) -> Looked:
    """How the run stands now."""
    counts = state.counts
    return Looked(
        at=now,
        phase=state.phase.value,
        done=counts.get(Status.DONE, 0) + counts.get(Status.SKIPPED, 0),
        failed=counts.get(Status.FAILED, 0),
        needs=counts.get(Status.ATTENTION, 0) + len(state.asks),
        cost=state.cost_usd,
        recoveries=state.recoveries,
    )


def since(before: Looked, state: State, now: float) -> str:
    """What happened since, "" when that was just now or nothing did."""
    away, at_present = now - before.at, looked(state, now)
    news = list(_news(before, at_present, state))
    return f"while you were away ({duration(away)}): {', '.join(news)}" if news and away >= LEAST else ""


def _news(before: Looked, now: Looked, state: State) -> list[str]:
    news: list[str] = []
    if now.phase != before.phase and state.phase in OVER:
        news.append(f"the run came to its end ({now.phase})")
    if (done := now.done - before.done) > 0:
        news.append(f"{done} done")
    if (failed := now.failed - before.failed) > 0:
        news.append(f"{failed} failed{_names(state, Status.FAILED)}")
    if now.needs > before.needs:
        news.append(f"{now.needs} need{'s' if now.needs == 1 else ''} you")
    if now.cost - before.cost >= 0.005:
        news.append(f"{money(now.cost - before.cost)} spent")
    if times := max(0, now.recoveries - before.recoveries):
        often = "" if times == 1 else f" {times} times"
        last = "" if times == 1 else ", the last time"
        news.append(f"another runner took over{often}{last} ({one_line(state.recovered, 200)})")
    return news


def _names(state: State, status: Status) -> str:
    names = [one_line(name, 20) for name, section in state.sections.items() if section.status is status]
    return f" ({' '.join(names[:_NAMED])}{' …' if len(names) > _NAMED else ''})"


class Memory:
    """When this user looked at a run last: a small file in their own state directory, nothing in the run's."""

    def __init__(self, run: RunDir, env: Mapping[str, str]) -> None:
        name = f"{run.name}-{hashlib.sha256(os.fsencode(run.path)).hexdigest()[:8]}.json"
        self._file: Path = state_dir(env) / "looked" / name

    def recall(self) -> Looked | None:
        """How the run stood then; None when nobody looked so far, or that cannot be read."""
        try:
            told: dict[str, Any] = files.read_json(self._file) or {}
            return Looked(**told)
        except (OrchError, TypeError):
            return None

    def keep(self, stood: Looked) -> None:
        """Somebody looks. A disk that is full keeps nothing."""
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            files.replace(self._file, json.dumps(asdict(stood)).encode(), durable=False)
        except OSError:
            return
