"""What became of the commands sent from here, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from orch_tui.clean import one_line
from orch_tui.core import decide
from orch_tui.core.commands import OPS, Command
from orch_tui.core.state import State

PATIENCE = 2.0
"""Seconds without an answer after which the person is told."""

_DONE = {
    "approve": "approved: the run begins",
    "revise": "the plan was read again",
    "pause": "paused",
    "resume": "goes on",
    "skip": "skipped",
    "retry": "will be tried again",
    "dispatch": "is sent there",
    "cancel": "is being ended",
    "steer": "was told",
    "answer": "answered",
    "mend": "changed",
    "unmend": "taken back",
    "remend": "made again",
    "accept": "accepted",
    "dismiss": "dismissed",
    "discard": "the changed plan was given up; the run goes on as approved",
    "stop": "stopping: every process is being ended",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A command on its way. `at` is monotonic seconds; `words` are said when it is accepted, "" the usual ones."""

    op: str
    section: str
    at: float
    words: str = ""


def foreseen(state: State, op: str, args: Mapping[str, object]) -> str:
    """Why the runner would refuse this now, by the same rules; "" when it would not. The runner has the last word."""
    if op == "revise":
        return ""  # what follows depends on the file, and the runner reads that
    if op == "steer":
        args = {"text": "?", **args}
    make = cast("Callable[..., Command]", OPS[op])
    return decide.foreseen(state, make(**args))


def accepted(sent: Sent) -> str:
    """ "B paused", "the run goes on"."""
    if sent.words:
        return sent.words
    words = _DONE.get(sent.op, f"{sent.op} done")
    if sent.section:
        return f"{one_line(sent.section)} {words}"
    return f"the run {words}" if sent.op in {"pause", "resume", "cancel"} else words


def refused(sent: Sent, reason: str) -> str:
    """ "cannot skip B: …"."""
    what = f"{sent.op} {one_line(sent.section)}".strip()
    return f"cannot {what}: {one_line(reason, 600)}"


def unanswered(waiting: Mapping[str, Sent], now: float, *, alive: bool) -> str:
    """The banner when a command waits too long at monotonic time `now`; "" otherwise."""
    late = [sent for sent in waiting.values() if now - sent.at > PATIENCE]
    if not late:
        return ""
    ops = ", ".join(sorted({sent.op for sent in late}))
    lasts = f"{now - min(sent.at for sent in late):.0f} s"
    if alive and ops == "revise":
        return f"the plan is being read again, for {lasts} so far"
    if alive:
        return f"the runner is alive but has not answered ({ops}) for {lasts}"
    return f"no runner answers ({ops}): any command starts it again; its last words are in runner.log"
