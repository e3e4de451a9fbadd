"""What the cockpit asks of the client; imported where it is used, so that the first paint waits for none of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from orch_tui.clean import one_line
from orch_tui.errors import OrchError
from orch_tui.merge_settings import LandStrategy
from orch_tui.store.layout import AttemptDir, RunDir

if TYPE_CHECKING:
    from orch_tui.client.away import Memory
    from orch_tui.client.landing import Looked
    from orch_tui.client.reviving import Reviving
    from orch_tui.client.second_reader import Asking
    from orch_tui.client.streams import Stream
    from orch_tui.core.edition import Edition
    from orch_tui.core.plan_text import PlanText
    from orch_tui.core.state import State


class Following(Protocol):
    """What the cockpit needs of `client.follow.Follower`."""

    @property
    def run(self) -> RunDir:
        """The run that is followed."""
        ...

    @property
    def state(self) -> State:
        """The fold of the journal."""
        ...

    @property
    def damage(self) -> str:
        """Why the run is read-only, or ""."""
        ...

    def poll(self) -> list[Any]:
        """Take in what is new; returns it."""
        ...

    def catch_up(self) -> None:
        """Take in what is new, and keep nothing of it but the state."""
        ...

    async def wait(self, timeout: float) -> bool:
        """Sleep until there may be news."""
        ...

    def runner_alive(self) -> bool:
        """Whether a runner holds the lock."""
        ...

    def plan_text(self, sha256: str) -> str:
        """A stored version of the plan."""
        ...

    def close(self) -> None:
        """Stop watching."""
        ...


Send = Callable[[RunDir, str, Mapping[str, object]], str]


def open_follower(run: RunDir) -> Following:
    """Follow a run's journal."""
    from orch_tui.client.follow import Follower

    return Follower(run)


def send(run: RunDir, op: str, args: Mapping[str, object]) -> str:
    """Drop a command as this person; returns its id. Raises StateError when it cannot be dropped."""
    from orch_tui.client.send import send, whoami

    return send(run, op, args, actor=whoami())


def whoami() -> str:
    """This person, as their commands are signed."""
    from orch_tui.client.send import whoami

    return whoami()


def asking(run: RunDir, edition: Edition) -> Asking:
    """Whom the second reader would be, and at what cost. Raises ConfigError."""
    from orch_tui.client.second_reader import asking

    return asking(run, edition)


def memory(run: RunDir) -> Memory:
    """When this person looked at the run last."""
    import os

    from orch_tui.client.away import Memory

    return Memory(run, os.environ)


def revive(run: RunDir) -> None:
    """Start a runner if there is none."""
    from orch_tui.client.send import ensure_runner

    ensure_runner(run)


def alarm(reviving: Reviving, run: RunDir) -> str:
    """That a run has lost its runner, and what the last one said where none stays; else ""."""
    if reviving.started < 2 or not reviving.words:
        return reviving.words
    from orch_tui.client.send import last_words

    return f"{reviving.words}; {one_line(last_words(run.log), 400)}"


def plan_changed(state: State) -> str:
    """What to say when the plan file is not what the run was given, else ""."""
    from orch_tui.client.launch import plan_changed

    return plan_changed(state)


def open_stream(attempt: AttemptDir) -> Stream:
    """The transcript of an attempt."""
    from orch_tui.client.streams import Stream

    return Stream(attempt)


def plan_text(follower: Following, sha: str) -> PlanText:
    """A stored version of the plan by section."""
    from orch_tui.core.plan_text import PlanText

    return PlanText(follower.plan_text(sha))


def sha_of_plan(path: str) -> str:
    """The SHA-256 of the plan file as it is now. Raises OSError."""
    import hashlib
    from pathlib import Path

    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def land(run: RunDir, state: State, looked: Sequence[Looked], way: LandStrategy) -> tuple[str, bool]:
    """Land exactly what was looked at; returns in words where the user's branches are, and whether all is landed."""
    from orch_tui.client.landing import land

    said, whole = list[str](), True
    for one in looked:
        where = f" in {one.title}" if one.title else ""
        try:
            if one.wrong:
                raise one.wrong
            if one.found:
                said.append(land(run, state, one, way))
        except (OrchError, OSError) as error:
            said.append(f"not landed{where}: {reason(error)}" if where else reason(error))
            whole = False
    return "; ".join(said), whole


def under_way(state: State) -> bool:
    """Whether something goes on that only a runner can bring forward."""
    from orch_tui.client import reviving

    return reviving.under_way(state)


def title(state: State, now: float) -> str:
    """The run in a window's title."""
    from orch_tui.client import views

    told = views.summary(state, now)
    return f"{f'? {told.asks} · ' if told.asks else ''}{told.finished}/{told.total} {told.title}"


def reason(error: OrchError | OSError) -> str:
    """What went wrong, in one line."""
    return one_line(error.line() if isinstance(error, OrchError) else str(error))
