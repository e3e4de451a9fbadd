"""What finished runs can let go, each with its proof, and letting it go: work that nobody merged stays, and its run.

A run goes as a whole: its directory, worktrees and branches. What of it holds work that is on no branch of the user's
keeps all that is needed to find and land it; what of it is merged goes all the same.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from orch_tui import git, process, proctable
from orch_tui.clock import duration
from orch_tui.core import repositories
from orch_tui.core.state import OVER, State
from orch_tui.errors import OrchError, StateError
from orch_tui.git import inventory
from orch_tui.git.inventory import Inventory, Ref
from orch_tui.git.repo import Repo
from orch_tui.invariants.reading import read
from orch_tui.store import layout
from orch_tui.store.copies import refuse_copy
from orch_tui.store.layout import RunDir, private_dir
from orch_tui.store.lock import Lock, held, this_process

_HEADS = "refs/heads/"
Kind = Literal["worktree", "branch", "rescue", "integration", "run"]
_ORDER: tuple[Kind, ...] = ("worktree", "branch", "rescue", "integration", "run")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something of a run. `goes` says that it can be removed, and `why` proves it, or says what keeps it."""

    kind: Kind
    name: str
    goes: bool
    why: str
    place: str = ""
    ref: Ref | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """What a run can let go. `kept` says why nothing of it was even looked at; `bytes` are those of its directory."""

    run: RunDir
    items: tuple[Item, ...] = ()
    kept: str = ""
    size: int = 0

    @property
    def going(self) -> tuple[Item, ...]:
        """What can be removed, in the order in which it is."""
        return tuple(sorted((one for one in self.items if one.goes), key=lambda one: _ORDER.index(one.kind)))


@dataclass(slots=True)
class _Found:
    items: list[Item] = field(default_factory=list[Item])

    def add(self, kind: Kind, name: str, why: str, *, goes: bool, place: str, ref: Ref | None = None) -> None:
        self.items.append(Item(kind=kind, name=name, goes=goes, why=why, place=place, ref=ref))


def look(run: RunDir, *, now: float, older: float, holding: bool = False) -> Retention:
    """What a run can let go that is over for `older` seconds at wall time `now`; removes nothing.

    `holding`: the run's lock is the caller's.
    """
    found = read(run)
    if kept := _closed(run, found.state, whole=found.whole, now=now, older=older, holding=holding):
        return Retention(run=run, kept=kept)
    if broken := next((one for one in found.findings if one.invariant), None):
        return Retention(run=run, kept=f"something is wrong with it: {broken.text} (see `orch-tui doctor`)")
    out = _Found()
    for place in _places(found.state):
        try:
            repo = git.repo.standing_at(Path(place) if place else run.root)
            _in_repository(out, run.name, repo, place, inventory.inventory(repo, run.name))
        except OrchError as error:
            where = place or str(run.root)
            out.add("integration", where, f"cannot be looked at: {error.line()}", goes=False, place=place)
    staying = [one for one in out.items if not one.goes]
    if staying:
        why = f"{staying[0].name} stays" + (f", and {len(staying) - 1} more" if len(staying) > 1 else "")
        out.add("run", run.name, why, goes=False, place="")
    else:
        ended = max(found.state.finished_at, found.state.updated_at)
        merged = "all it merged is on your branches" if out.items else "it has nothing in git"
        out.add("run", run.name, f"over for {duration(now - ended)}, and {merged}", goes=True, place="")
    return Retention(run=run, items=tuple(out.items), size=_size(run.path))


def _closed(run: RunDir, state: State, *, whole: bool, now: float, older: float, holding: bool) -> str:
    """Why nothing of a run is to be touched."""
    if not whole:
        return "its journal cannot be read whole (see `orch-tui doctor`)"
    try:
        refuse_copy(run, state.home)  # its worktrees are those of the other one
        if not holding and held(run.lock):
            return "a runner is at work on it"
    except OrchError as error:
        return error.line()
    if state.phase not in OVER or state.live or state.running:
        return f"it is not over, it is {state.phase.value}"
    if str(run.path) in proctable.marked_with(process.RUN_MARKER).values():
        return "processes of it are alive"
    age = now - max(state.finished_at, state.updated_at)
    if age < 0:
        return "it ended in the future, says its journal: the clock was set"
    return f"it is over for {duration(age)} only" if age < older else ""


def _places(state: State) -> list[str]:
    """The repositories that may have something of a run."""
    if state.settings.isolation != "worktree":
        return []
    return ["", *(one.path for one in repositories.elsewhere(state))]


def _in_repository(out: _Found, run: str, repo: Repo, place: str, there: Inventory) -> None:
    mine = inventory.users_branch(repo)
    gone = _worktrees(out, repo, place, there, mine)
    integration = _HEADS + git.repo.integration_branch(run)
    refs = [*([integration] if there.integration else []), *([mine] if mine else [])]
    both: tuple[tuple[Kind, tuple[Ref, ...]], ...] = (("branch", there.branches), ("rescue", there.rescues))
    for kind, some in both:
        for ref in some:
            name = ref.name.removeprefix(_HEADS)
            if ref.checked_out and Path(ref.checked_out).resolve() not in gone:
                why = f"it is checked out at {ref.checked_out!r}"
                out.add(kind, name, why, goes=False, place=place, ref=ref)
                continue
            holder = _holder(repo, ref.commit, refs)
            why = _proof(repo, holder) if holder else f"nobody merged it: `git log -p {name}` shows it"
            out.add(kind, name, why, goes=bool(holder), place=place, ref=ref)
    if there.integration:
        holder = _holder(repo, there.integration, [mine] if mine else [])
        name = git.repo.integration_branch(run)
        why = _proof(repo, holder) if holder else "no branch of yours has all of it: `orch-tui land` brings it there"
        ref = Ref(name=integration, commit=there.integration, checked_out=_checked_out(repo, integration))
        if holder and ref.checked_out:
            holder, why = "", f"it is checked out at {ref.checked_out!r}"
        out.add("integration", name, why, goes=bool(holder), place=place, ref=ref)


def _worktrees(out: _Found, repo: Repo, place: str, there: Inventory, mine: str) -> set[Path]:
    """Tell of the worktrees; those that go."""
    gone: set[Path] = set()
    for path in there.worktrees.values():
        if not (path / ".git").exists():
            why = "what an interrupted removal left: look at it, and remove it yourself"
            out.add("worktree", str(path), why, goes=False, place=place)
            continue
        changed = inventory.differs(path)
        head = git.work.head_of(path)
        held_by = inventory.on_a_branch(repo, head) or next(
            (one.name for one in there.branches if git.repo.holds(repo, one.commit, head)), ""
        )
        if changed:
            out.add("worktree", str(path), f"it has what nobody committed: {changed}", goes=False, place=place)
        elif not held_by and not (mine and inventory.held_by(repo, head, [mine])):
            out.add("worktree", str(path), f"no branch has the commit {head[:12]} it is at", goes=False, place=place)
        else:
            why = "nothing in it is without a commit, and a branch has that"
            out.add("worktree", str(path), why, goes=True, place=place)
            gone.add(path.resolve())
    return gone


def _holder(repo: Repo, commit: str, refs: list[str]) -> str:
    """A ref that has all that `commit` brings: of the user's, or of `refs`; "" for none."""
    return inventory.on_a_branch(repo, commit) or inventory.held_by(repo, commit, refs)


def _proof(repo: Repo, holder: str) -> str:
    tip = git.repo.commit_of(repo, holder) or ""
    return f"merged into {holder.removeprefix(_HEADS)} at {tip[:12]}"


def _checked_out(repo: Repo, ref: str) -> str:
    return git.command.text(repo.root, "for-each-ref", "--format=%(worktreepath)", ref)


def _size(top: Path) -> int:
    total = 0
    for path, _, names in os.walk(top):
        for name in names:
            with contextlib.suppress(OSError):
                total += (Path(path) / name).lstat().st_size
    return total


# --- letting it go ---------------------------------------------------------------------------------------------------


def let_go(shown: Retention, *, now: float, older: float) -> Iterator[str]:
    """Remove what was shown, under the run's lock; a line for each, also for what stays after all.

    It is looked at anew first: what has another reason by now, or none, stays. Raises OrchError.
    """
    run = shown.run
    with _alone(run) as free:
        if not free:
            yield f"run {run.name} stays: somebody has just come to it"
            return
        again = look(run, now=now, older=older, holding=True)
        if again.kept:
            yield f"run {run.name} stays: {again.kept}"
            return
        wanted = {_key(one) for one in shown.going}
        for item in again.going:
            if item.kind != "run" and _key(item) in wanted:
                yield _remove(run, item)
        last = look(run, now=now, older=older, holding=True)
        if ("run", run.name, "") in wanted & {_key(one) for one in last.going}:
            if left := [one.name for one in last.items if one.kind != "run"]:
                yield f"run {run.name} stays: {left[0]} is still there"
            else:
                yield _remove_run(run)


@contextlib.contextmanager
def _alone(run: RunDir) -> Generator[bool]:
    """Hold the lock of the run, and that of whoever opens one, while both are free."""
    locks = Lock(layout.creating(run.root)), Lock(run.lock)
    try:
        yield all(lock.acquire(this_process()) for lock in locks)
    finally:
        for lock in locks:
            lock.release()


def _key(item: Item) -> tuple[str, str, str]:
    return item.kind, item.name, item.ref.commit if item.ref else ""


def _remove(run: RunDir, item: Item) -> str:
    try:
        repo = git.repo.standing_at(Path(item.place) if item.place else run.root)
        if item.ref is None:
            kept = git.worktrees.remove_worktree(repo, Path(item.name))
            return f"removed the worktree {item.name}" + (f"; what was on no branch is kept as {kept}" if kept else "")
        if inventory.remove_ref(repo, item.ref):
            return f"removed {item.name} (was {item.ref.commit[:12]})"
    except OrchError as error:
        return f"{item.name} stays: {error.line()}"
    return f"{item.name} stays: it was moved, or checked out, meanwhile"


def _remove_run(run: RunDir) -> str:
    """First out of the way with one rename, so that nobody ever meets half a run."""
    aside = private_dir(layout.state_dir(run.root) / "gone") / run.name
    try:
        if aside.exists():
            shutil.rmtree(aside)
        run.path.rename(aside)
        shutil.rmtree(aside)
        with contextlib.suppress(OSError):
            aside.parent.rmdir()
    except OSError as error:
        raise StateError(f"run {run.name!r} cannot be removed: {error.strerror}", hint="check the rights") from error
    return f"removed run {run.name}"
