"""What a run has in its repositories: work that is gone, and worktrees, branches, refs and locks that are left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from orch_tui import git
from orch_tui.core import releasing, repositories
from orch_tui.core.state import AttemptState, State
from orch_tui.errors import OrchError
from orch_tui.git import inventory
from orch_tui.git.inventory import Inventory
from orch_tui.git.repo import Repo
from orch_tui.invariants.finding import Finding
from orch_tui.store.layout import RunDir

_OLD = 60.0  # seconds after which nobody is taken to be at work under a lock of git
_MOST = 20
_FIX = "`orch-tui doctor --fix` saves what it holds to a rescue ref and removes it"


def of_repositories(run: RunDir, state: State, now: float) -> Iterator[Finding]:
    """What is wrong, and what is left, in every repository that sections of the run are in; `now` is wall time."""
    if state.settings.isolation != "worktree" or not state.run:
        return
    for place in ("", *(one.path for one in repositories.elsewhere(state))):
        try:
            repo = git.repo.standing_at(Path(place) if place else run.root)
        except (OrchError, OSError) as error:
            if _attempts(state, place):
                yield Finding(text=str(error), helps="put the repository back where it was", invariant="I1")
            continue
        try:
            there = inventory.inventory(repo, run.name)
            yield from _lost(state, repo, place, there)
            yield from _worktrees(state, place, there)
            yield from _refs(state, repo, there)
            yield from _locks(state, repo, run, there, now)
        except (OrchError, OSError) as error:
            helps = error.hint if isinstance(error, OrchError) else ""
            yield Finding(text=f"git cannot tell of {str(repo.root)!r}: {error}", helps=helps)


def _attempts(state: State, place: str) -> list[tuple[str, AttemptState]]:
    sections = (*state.sections.values(), *state.gone)
    return [(one.id, attempt) for one in sections for attempt in one.attempts if attempt.repository == place]


def _lost(state: State, repo: Repo, place: str, there: Inventory) -> Iterator[Finding]:
    """Commits that the journal tells of and nobody has any more (I1)."""
    here = _attempts(state, place)
    owners = {commit: name for name, one in here for commit in (one.commit, one.merge_commit) if commit}
    gone = inventory.missing(repo, tuple(owners))
    for commit in gone[:_MOST]:
        text = f"the commit {commit[:12]} of its work is in the repository no more"
        helps = f"look whether another clone has it (`git fetch`, `git show {commit[:12]}`), else retry the section"
        yield Finding(text=text, helps=helps, invariant="I1", section=owners[commit])
    merged = {one.merge_commit: name for name, one in here if one.merge_commit and one.merge_commit not in gone}
    if not merged:
        return
    branch = git.repo.integration_branch(state.run)
    if not there.integration:
        left = [commit for commit in merged if not inventory.on_a_branch(repo, commit)]
        if left:
            text = f"the branch {branch!r} is gone, and what {len(left)} sections merged is on no other branch"
            helps = f"`git branch {branch} {list(merged)[-1][:12]}` puts it back"
            yield Finding(text=text, helps=helps, invariant="I1")
        return
    for commit in inventory.not_in(repo, tuple(merged), there.integration)[:_MOST]:
        text = f"its work was merged as {commit[:12]}, and {branch!r} does not hold that"
        helps = f"somebody moved the branch: `git log -g {branch}` tells who; merge {commit[:12]} again, or retry"
        yield Finding(text=text, helps=helps, invariant="I1", section=merged[commit])


def _worktrees(state: State, place: str, there: Inventory) -> Iterator[Finding]:
    sections = {section.slug: section for section in (*state.sections.values(), *state.gone)}
    released = {one.path for section in sections.values() for one in releasing.released(state, section) if one.path}
    for (slug, name), path in there.worktrees.items():
        section = sections.get(slug)
        number = int(name) if name.isdigit() else 0
        if section is None or not 0 < number <= len(section.attempts):
            aside = ".left-" in name
            text = f"the worktree {str(path)!r} is {'what an interrupted removal left' if aside else 'of no attempt'}"
            if aside or not (path / ".git").exists():
                yield Finding(text=text, helps="look at it, and remove it yourself", path=str(path), harmless=True)
            else:
                yield Finding(text=text, helps=_FIX, path=str(path), named=place, repair="release worktree")
        elif str(path) in released or str(path.resolve()) in released:
            text = f"the worktree {str(path)!r} is needed no more"
            yield Finding(
                text=text, helps=_FIX, section=section.id, path=str(path), named=place, repair="release worktree"
            )


def _refs(state: State, repo: Repo, there: Inventory) -> Iterator[Finding]:
    made = {attempt.branch for section in (*state.sections.values(), *state.gone) for attempt in section.attempts}
    slugs = {section.slug: len(section.attempts) for section in (*state.sections.values(), *state.gone)}
    for one in there.branches:
        branch = one.name.removeprefix("refs/heads/")
        *_, slug, number = branch.split("/")
        if branch not in made and not (number.isdigit() and int(number) <= slugs.get(slug, 0)):
            text = f"the branch {branch!r} is of no attempt of this run"
            yield Finding(text=text, helps=f"`git branch -D {branch}` removes it", harmless=True)
    tips = tuple({one.commit for one in there.rescues})
    unmerged = set(inventory.not_in(repo, tips, there.integration) if there.integration else tips)
    for one in there.rescues:
        if one.commit in unmerged and not inventory.on_a_branch(repo, one.commit):
            text = f"{one.name} holds work that nobody merged"
            helps = f"`git log -p {one.name}` shows it; `git update-ref -d {one.name}` lets it go"
            yield Finding(text=text, helps=helps, harmless=True)


def _locks(state: State, repo: Repo, run: RunDir, there: Inventory, now: float) -> Iterator[Finding]:
    at_work = {state.attempt(name, number).path for name, number in state.live.items()}
    idle = [path for path in there.worktrees.values() if str(path) not in at_work]
    for lock in inventory.locks(repo, run.name, idle):
        try:
            age = now - lock.stat().st_mtime
        except OSError:
            continue
        if age > _OLD:
            text = f"a git that is gone left {str(lock)!r}"
            helps = "`orch-tui doctor --fix` removes it, when no runner is there"
            yield Finding(text=text, helps=helps, path=str(lock), repair="unlock git")
