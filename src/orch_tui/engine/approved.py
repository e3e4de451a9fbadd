"""Nothing is carried out but what a person approved: the stored text and the folded graph are checked against it."""

from __future__ import annotations

import asyncio
import hashlib

from orch_tui.core.hashing import executed_sha
from orch_tui.core.plan_text import PlanText
from orch_tui.core.state import State
from orch_tui.errors import DamageError
from orch_tui.plan.decoding import decode
from orch_tui.store.files import read_bytes
from orch_tui.store.layout import RunDir

_HINT = "`orch-tui revise` reads the plan file again, for you to approve what it says"


class NotApproved(DamageError):
    """What is stored is not what was approved."""


def check_graph(state: State) -> None:
    """Raises NotApproved when the graph the dispatcher would follow is not the approved one."""
    approval = state.approval
    if approval is None:
        raise NotApproved("nothing is approved", hint="approve the plan first")
    found = executed_sha(state)
    if found != approval.graph_sha:
        raise NotApproved(
            f"the stored graph is not the one that {approval.by} approved ({found[:12]}…, not"
            f" {approval.graph_sha[:12]}…): its journal or snapshot was changed, in sections,"
            " their lines, their order or how they run",
            hint=_HINT,
        )


def read_text(run: RunDir, sha256: str, by: str) -> PlanText:
    """The plan's stored text. Raises NotApproved when it is missing or is not the one that `by` approved."""
    path = run.plan(sha256)
    try:
        data = read_bytes(path)
    except OSError as error:
        raise NotApproved(f"the stored plan {str(path)!r} cannot be read: {error.strerror}", hint=_HINT) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise NotApproved(f"the stored plan {str(path)!r} is not the text that {by} approved", hint=_HINT)
    return PlanText(decode(data))


class ApprovedText:
    """The approved plan's words, read and checked once for each approval, in a thread: a big one takes a while."""

    def __init__(self, run: RunDir, state: State) -> None:
        self._run = run
        self._state = state
        self._reading = asyncio.Lock()
        self._of: tuple[str, str] = ("", "")
        self._text: PlanText | None = None

    async def get(self) -> PlanText:
        """The text of the edition that is approved now. Raises NotApproved."""
        async with self._reading:
            while True:
                approval = self._state.approval
                if approval is None:
                    raise NotApproved("nothing is approved", hint="approve the plan first")
                wanted = (approval.plan_sha, approval.graph_sha)
                if self._text is not None and self._of == wanted:
                    return self._text
                check_graph(self._state)
                self._text = await asyncio.to_thread(read_text, self._run, approval.plan_sha, approval.by)
                self._of = wanted  # another edition may have been approved meanwhile: look again
