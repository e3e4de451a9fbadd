"""From a plan file to a run: finding the unfinished one, or having a new one created by its runner."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orch_tui import git
from orch_tui.client.follow import Follower
from orch_tui.client.plan_file import project_root, read_bytes, text_of
from orch_tui.client.send import check_settings, ensure_runner, outcome, patience, prepare, send
from orch_tui.core.state import OVER, Phase, State
from orch_tui.errors import DamageError, UserError
from orch_tui.store import files, layout
from orch_tui.store.layout import RunDir, private_dir
from orch_tui.store.lock import Lock, held
from orch_tui.store.replay import Replay

_OVER = frozenset(phase.value for phase in OVER)
_LOOK = 0.05  # seconds between looks whether somebody else has created a run


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the command line asked for; "" and 0 mean not given."""

    agent: str = ""
    model: str = ""
    concurrency: int = 0
    isolation: str = ""
    workflow: str = ""

    def as_args(self) -> dict[str, object]:
        """The arguments of the create command."""
        return {
            "agent": self.agent,
            "model": self.model,
            "concurrency": self.concurrency,
            "isolation": self.isolation,
            "workflow": self.workflow,
        }


def unfinished(root: Path, plan: Path) -> RunDir | None:
    """The newest run of this plan file that is not over, or None."""
    return next((run for run, told in _runs_of(root, plan) if told.get("phase") not in _OVER), None)


def finished(root: Path, plan: Path, wishes: Wishes) -> RunDir | None:
    """The newest run of this plan file when it is over, the file still says the same and nothing else is wished."""
    newest = next(_runs_of(root, plan), None)
    if newest is None:
        return None
    run, told = newest
    if told.get("phase") not in _OVER - {Phase.CANCELLED.value}:
        return None
    same = plan.is_file() and told.get("plan_sha") == hashlib.sha256(read_bytes(plan)).hexdigest()
    return run if same and not _otherwise(told, wishes) else None


def _runs_of(root: Path, plan: Path) -> Iterator[tuple[RunDir, dict[str, Any]]]:
    """The runs of a plan file with what their status.json tells, the newest first."""
    wanted = str(plan.resolve())
    for run in layout.runs(root):
        try:
            told = files.read_json(run.status) or {}
            if not told.get("plan"):  # just created: status.json lags behind the journal
                told = _told_by_journal(run)
        except DamageError:
            continue  # whoever asks for that run is told; it must not stand in the way of others
        if told.get("plan") == wanted:
            yield run, told


def _told_by_journal(run: RunDir) -> dict[str, Any]:
    replay = Replay(run)
    replay.read_all()
    state = replay.state
    settings = {name: getattr(state.settings, name) for name in Wishes().as_args()}
    return {"plan": state.plan_path, "phase": state.phase.value, "plan_sha": state.plan_sha, "settings": settings}


async def open_plan(
    plan: Path,
    wishes: Wishes,
    *,
    actor: str,
    directory: Path | None = None,
    look_back: bool = False,
    unattended: bool = False,
) -> RunDir:
    """The plan's unfinished run, its runner started again if need be, or a new one, created and waiting for approval.

    With `look_back` a finished run is returned as well, as long as the plan still says what it carried out: that is
    what somebody wants who comes back in the morning. `unattended` means that nobody will mend it in a review: a plan
    with a cycle then gets no run. Raises PlanError when the file is no text, UserError when its runner refuses it (it
    is no plan, or cannot start) or the wishes contradict the run that exists, ConfigError for settings nobody can read.
    """
    root = project_root(plan, directory)
    if look_back and (there := unfinished(root, plan)) is not None and _read_only(there.path):
        return there  # to be looked at: no runner could live there
    existing = _attached(root, plan, wishes)  # its own copy of the plan counts, the file may be gone
    if existing is not None:
        return existing
    if look_back and (over := finished(root, plan, wishes)) is not None:
        return over
    data = read_bytes(plan)
    text_of(plan, data)
    private_dir(layout.state_dir(root))
    repo = git.repo.find(root)
    if repo is not None:
        git.repo.exclude(repo)
    async with _alone(root):
        return _attached(root, plan, wishes) or await _created(root, plan, data, wishes, actor, unattended=unattended)


def _read_only(path: Path) -> bool:
    return bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def _attached(root: Path, plan: Path, wishes: Wishes) -> RunDir | None:
    """The plan's unfinished run, with a runner. Raises UserError when it is not as wished, and ConfigError."""
    run = unfinished(root, plan)
    if run is not None:
        _check_wishes(run, wishes)
        check_settings(run)
        ensure_runner(run)
    return run


@asynccontextmanager
async def _alone(root: Path) -> AsyncGenerator[None]:
    """While a run is created: who opens a plan in the same moment gets that run, not one more."""
    lock = Lock(layout.creating(root))
    while not lock.acquire({"pid": os.getpid()}):  # noqa: ASYNC110 - another process holds it
        await asyncio.sleep(_LOOK)
    try:
        yield
    finally:
        lock.release()


async def _created(root: Path, plan: Path, data: bytes, wishes: Wishes, actor: str, *, unattended: bool) -> RunDir:
    """A new run, once its runner has read the plan. Raises UserError when that is refused, and ConfigError."""
    run = layout.run_dir(root, _new_name(plan))
    check_settings(run)
    prepare(run)
    args = {
        "plan_path": str(plan.resolve()),
        "plan_sha": hashlib.sha256(data).hexdigest(),
        "unattended": unattended,
        **wishes.as_args(),
    }
    command = send(run, "create", args, actor=actor)
    follower = Follower(run)
    try:
        reason = await outcome(follower, command, timeout=patience(plan))
    finally:
        follower.close()
    if reason:
        await _discard(run)
        raise UserError(reason)
    return run


def plan_changed(state: State) -> str:
    """Words when the plan file no longer says what the run, or the candidate, was given; "" when it does."""
    if not state.plan_path:
        return ""  # a run that never got as far, or whose journal is damaged
    path = Path(state.plan_path)
    try:
        now = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return f"{path.name} cannot be read any more ({error.strerror}); the run goes on with the text it was given"
    if now == (state.candidate.read.plan_sha if state.candidate is not None else state.plan_sha):
        return ""
    if state.candidate is not None:
        return f"{path.name} was edited again since its changes were read; read it again before you approve them"
    if state.phase is Phase.REVIEW:
        return f"{path.name} was edited since it was read; read it again before you approve"
    if state.phase is Phase.CANCELLED:
        return f"{path.name} was edited since; this run is about the text that was approved"
    if state.phase in OVER:
        return f"{path.name} was edited since; this run is about the text that was approved, `revise` reads it again"
    return (
        f"{path.name} was edited since it was approved; the run goes on with the approved text, `revise` reads it again"
    )


def _check_wishes(run: RunDir, wishes: Wishes) -> None:
    for key, (found, wish) in _otherwise(files.read_json(run.status) or {}, wishes).items():
        raise UserError(
            f"the plan's unfinished run {run.name!r} has {key} {found!r}, not {wish!r}",
            hint=f"leave the option out to go on with it, or `orch-tui cancel --run {run.name}` to start anew",
        )


def _otherwise(told: dict[str, Any], wishes: Wishes) -> dict[str, tuple[object, object]]:
    """What is wished otherwise than a run has it: option -> (the run's, the wish)."""
    settings: dict[str, object] = told.get("settings") or {}
    return {
        key: (settings.get(key), wish) for key, wish in wishes.as_args().items() if wish and settings.get(key) != wish
    }


def _new_name(plan: Path) -> str:
    stem = re.sub(r"[^A-Za-z0-9]+", "-", plan.stem).strip("-")[:32] or "plan"
    return f"{stem}-{time.strftime('%m%d-%H%M%S')}-{secrets.token_hex(2)}"


async def _discard(run: RunDir) -> None:
    """Remove a run that never came to be: its create command was refused. Its runner leaves by itself."""
    for _ in range(200):
        if not held(run.lock):
            break
        await asyncio.sleep(0.02)
    shutil.rmtree(run.path, ignore_errors=True)
