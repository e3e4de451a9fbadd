"""What the runner does with git for a section: its worktree, its commit, its merge."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

from orch_tui import git
from orch_tui.clean import clean, one_line
from orch_tui.clock import Clock
from orch_tui.core import commit_words, flowing, forecast, releasing, repositories, undoing
from orch_tui.core.attempt_events import NoticeRaised
from orch_tui.core.effects import ReleaseWorktree
from orch_tui.core.events import Event
from orch_tui.core.state import AttemptState, SectionState, State
from orch_tui.core.work_events import (
    ConflictForeseen,
    MergeComputed,
    MergeConflicted,
    UndoFailed,
    WorkCommitted,
    WorkMerged,
    WorkUndone,
)
from orch_tui.engine import batching, checks, outside
from orch_tui.engine.looking import Looking
from orch_tui.engine.runner_log import say
from orch_tui.engine.standing import Standing
from orch_tui.errors import GitError, OrchError
from orch_tui.flow.workflow import SETUP, AgentPhase, ScriptPhase
from orch_tui.git.merge import Candidate, Contained
from orch_tui.git.repo import Repo
from orch_tui.git.three_way import Conflict
from orch_tui.git.undoing import Reverted
from orch_tui.git.work import MOST_FILES, PutBack, Work
from orch_tui.store.layout import RunDir

_MOVED_MEANWHILE = 5  # times that a merge is computed anew because the integration branch has moved


class Integrator:
    """Brings the work of sections onto branches. `happened` journals what came of it, durably."""

    def __init__(
        self, run: RunDir, state: State, happened: Callable[[list[Event], str], Awaitable[None]], clock: Clock
    ) -> None:
        self._run = run
        self._state = state
        self._happened = happened
        self._clock = clock
        self._repos: dict[str, Repo] = {}
        self._checkouts: dict[Path, Looking] = {}

    @git.command.once_more
    def worktree(self, section: SectionState, attempt: AttemptState) -> Standing:
        """The worktree of an attempt, made and furnished if need be. Raises GitError, ConfigError, OSError."""
        place, number = self._place(section, attempt), attempt.number
        repo = self._repository(place)
        if attempt.tree != number:
            owner = section.attempts[attempt.tree - 1]
            path = Path(owner.path)
            merged = _was_merged(section, attempt)
            if merged:
                git.after_merging.begin_again(repo, owner.branch, self._state.run)
            again = git.worktrees.reopen_worktree(repo, branch=owner.branch, path=path)
            said = self._furnish(section, repo, path) if again else ()
            if merged:
                git.after_merging.rejoin(repo, path, self._state.run)
            if not attempt.leaves_work:
                self._commit_left(section, attempt.tree, number - 1)
            if self._merges_first(section, attempt.phase):
                git.conflicts.merge_in(path, git.repo.integration_branch(self._state.run))
            before = self._checkout(repo).before()
            bare = again and attempt.phase != SETUP and bool(repositories.worktree(self._state, section).setup)
            branch, base = owner.branch, owner.base
            return Standing(
                path=path, branch=branch, base=base, said=said, checkout=before, bare=bare, repository=place
            )
        base = attempt.proves or git.repo.ensure_integration(repo, self._state.run)
        branch = git.repo.attempt_branch(self._state.run, section.slug, number)
        path = git.worktrees.worktree_root(repo, self._state.run) / section.slug / str(number)
        git.worktrees.add_worktree(repo, branch=branch, base=base, path=path)
        said, before = self._furnish(section, repo, path), self._checkout(repo).before()
        return Standing(path=path, branch=branch, base=base, said=said, checkout=before, repository=place)

    def touched(self, section: SectionState, attempt: AttemptState) -> str | None:
        """None while the user's own checkout is what it was when an attempt began; else the call by which the attempt
        reached there, "" where its transcript shows none."""
        repo = self._repository(attempt.repository) if attempt.checkout else None
        if repo is None or self._checkout(repo).after() in {attempt.checkout, ""}:
            return None
        transcript = self._run.attempt(section.slug, attempt.number).transcript
        return outside.reached(transcript, repo.root, Path(attempt.path))

    def kept(self, attempt: AttemptState) -> Path:
        """Where what setting up worktrees made is kept for others of the same repository."""
        return git.worktrees.kept_root(self._repository(attempt.repository))

    def _furnish(self, section: SectionState, repo: Repo, path: Path) -> tuple[str, ...]:
        given = repositories.worktree(self._state, section)
        left_out = git.copying.furnish(repo, path, copy=given.copy, link=given.link)
        return (*left_out, *git.notable.lacking(path, given.setup))

    def put_back(self, section: SectionState, attempt: AttemptState) -> PutBack:
        """Undo what an attempt did that was only to read or to check."""
        if not attempt.branch or not attempt.head:
            return PutBack()
        keep, path = f"{self._state.run}/{section.slug}/{attempt.number}", Path(attempt.path)
        repo = self._repository(attempt.repository)
        if again := git.worktrees.reopen_worktree(repo, branch=attempt.branch, path=path):
            self._furnish(section, repo, path)
        undone = git.work.put_back(path, head=attempt.head, keep=keep)
        return replace(undone, files=("all of it", *undone.files)) if again else undone

    async def commit(self, name: str, number: int) -> None:
        """Commit what an attempt left in its worktree."""
        section, attempt = self._state.sections[name], self._state.attempt(name, number)
        merged = _was_merged(section, attempt) or any(self._merges_first(section, phase) for phase in section.visits)
        onto = git.repo.integration_branch(self._state.run) if merged else ""
        path, message = Path(attempt.path), commit_words.of_work(self._state, section, attempt)
        if not path.is_dir():
            words = f"its worktree {str(path)!r} is gone, with whatever was not committed to {attempt.branch!r}"
            raise GitError(words, hint="retry the section, or go on with its next phase if the branch holds its work")
        work = await asyncio.to_thread(git.work.commit_all, path, message, base=attempt.base, onto=onto)
        marked = await asyncio.to_thread(git.conflicts.marked, path, work.base, work.commit)
        committed = WorkCommitted(
            section=name,
            attempt=number,
            commit=work.commit,
            files=work.files,
            file_count=work.file_count,
            insertions=work.insertions,
            deletions=work.deletions,
            flaw=f"conflict markers are left in {one_line(', '.join(marked), 500)}" if marked else "",
        )
        foreseen = [] if committed.flaw else await asyncio.to_thread(self._foreseen, section, attempt, work)
        await self._happened([committed, *foreseen], "commit")

    def _commit_left(self, section: SectionState, tree: int, until: int) -> None:
        """Commit what stands in a worktree whose last attempt at the work came to nothing: a person sent its section on
        from there, with the work it has, and what is checked has to be what is merged."""
        there = (one for one in reversed(section.attempts[:until]) if one.tree == tree and one.leaves_work)
        last = next(there, None)
        if last is None or last.commit or not last.branch or not (path := Path(last.path)).is_dir():
            return
        if not git.conflicts.merging(path):  # half a resolution is none: its markers would be merged
            git.work.commit_all(path, commit_words.of_work(self._state, section, last), base=last.base)

    def _foreseen(self, section: SectionState, attempt: AttemptState, work: Work) -> list[Event]:
        """What the section's work conflicts with, as git has it; nothing is asked where no file is shared."""
        others: list[str] = []
        files: list[str] = []
        for name, other in forecast.unseen(self._state, section, attempt, work.files):
            with contextlib.suppress(OrchError):  # a commit that is gone, histories without a common one
                found = git.three_way.together(self._repository(attempt.repository), work.commit, other.commit)
                if isinstance(found, Conflict):
                    others.append(name)
                    files += found.files
        where = tuple(map(clean, dict.fromkeys(files)))[:MOST_FILES]
        event = ConflictForeseen(section=section.id, attempt=attempt.number, others=tuple(others), files=where)
        return [event] if others else []

    def _merges_first(self, section: SectionState, phase: str) -> bool:
        found = flowing.phase(self._state, section, phase)
        return isinstance(found, AgentPhase) and found.merge_first

    async def merge(self, name: str, number: int) -> None:
        """Merge the branch of a section, or say what is in the way, or that the result is to be checked first."""
        section, attempt = self._state.sections[name], self._state.attempt(name, number)
        await self._happened(await asyncio.to_thread(self._merged_along, section, attempt), "merge")

    @git.command.once_more
    def _merged_along(self, section: SectionState, attempt: AttemptState) -> list[Event]:
        """What came of merging a section and those who go along with it, and why commits are not as was asked."""
        told: list[Event] = []

        def tell(about: SectionState, said: str) -> None:
            last = about.attempts[-1]
            told.append(NoticeRaised(section=about.id, attempt=last.number, n=last.seen, kind="warning", text=said))

        def merging(rider: SectionState, onto: str) -> Contained | Candidate | Conflict:
            found = self._computed(rider, onto)
            if isinstance(found, Candidate) and found.said:
                tell(rider, found.said)
            return found

        event, said = self._merged(section, attempt)
        if said:
            tell(section, said)
        match event:
            case MergeComputed():
                event = batching.with_riders(self._state, event, merging)
                return [*told, event]
            case WorkMerged():
                return [*told, *batching.all_merged(self._state, event)]
            case _:
                return [*told, event]

    def _merged(self, section: SectionState, attempt: AttemptState) -> tuple[Event, str]:
        """What came of merging, and why its commits are not as they were asked for ("" when they are)."""
        name, number, run = section.id, attempt.number, self._state.run
        work = section.attempts[(section.tree or number) - 1]
        repo, branch = self._repository(work.repository), work.branch
        words = f"merge {branch}"
        proven = attempt.proves if attempt.proves == section.candidate and attempt.outcome == "succeeded" else ""
        onto = self._state.batch.onto
        if proven and git.merge.move(repo, run=run, commit=proven, onto=onto, words=words):
            return WorkMerged(section=name, attempt=number, commit=proven), ""
        for _ in range(_MOVED_MEANWHILE):
            match self._computed(section):
                case Contained(commit=commit):
                    return WorkMerged(section=name, attempt=number, commit=commit), ""
                case Conflict(files=files):
                    return MergeConflicted(section=name, attempt=number, files=files), ""
                case Candidate() as found:
                    if self._to_prove(repo, section, found):
                        waits = MergeComputed(section=name, attempt=number, commit=found.commit, onto=found.onto)
                        return waits, found.said
                    if git.merge.move(repo, run=run, commit=found.commit, onto=found.onto, words=words, looked=True):
                        return WorkMerged(section=name, attempt=number, commit=found.commit), found.said
        raise _unsteady(run)

    def _computed(self, section: SectionState, onto: str = "") -> Contained | Candidate | Conflict:
        """What merging a section's branch makes, into the integration branch or onto a commit."""
        work = section.attempts[(section.tree or len(section.attempts)) - 1]
        self._commit_left(section, work.tree, len(section.attempts))
        repo, run, branch = self._repository(work.repository), self._state.run, work.branch
        message, strategy = (
            commit_words.of_merge(self._state, section, branch),
            flowing.merge_strategy(self._state, section),
        )
        return git.merge.compute(repo, run=run, branch=branch, message=message, strategy=strategy, onto=onto)

    def _to_prove(self, repo: Repo, section: SectionState, found: Candidate) -> bool:
        """Whether the section's checks have to run on a merged result; what passed already need not pass again."""
        phase = flowing.phase(self._state, section, section.phase)
        if not isinstance(phase, ScriptPhase) or not phase.verify:
            return False
        if found.forward and flowing.verified(self._state, section):
            return False
        stated = flowing.checks_stated(self._state, section)
        return bool(stated) or git.repo.among(repo, found.commit, checks.PROJECT_FILES)

    async def undo(self, name: str, number: int) -> None:
        """Take what the sections being undone merged off the integration branch, or say why not."""
        try:
            event = await asyncio.to_thread(self._undone, name, number)
        except Exception as error:  # noqa: BLE001 - whatever it is, the section stays as it was
            words = error.line() if isinstance(error, OrchError) else f"{type(error).__name__}: {error}"
            event = UndoFailed(section=name, attempt=number, why=words)
        await self._happened([event], "undo")

    @git.command.once_more
    def _undone(self, name: str, number: int) -> Event:
        run, commit = self._state.run, ""
        for _ in range(_MOVED_MEANWHILE):
            reverts: dict[str, Reverted] = {}
            for place, tips in undoing.tips(self._state, self._state.undoing).items():
                found = git.undoing.revert(self._repository(place), run, tips)
                if isinstance(found, Conflict):
                    return UndoFailed(section=name, attempt=number, why=f"it conflicts in {', '.join(found.files[:5])}")
                reverts[place] = found
            moved = [
                git.merge.move(self._repository(place), run=run, commit=one.commit, onto=one.onto, words=f"undo {name}")
                for place, one in reverts.items()
            ]
            commit = next((one.commit for one in reverts.values()), commit)
            if all(moved):
                return WorkUndone(section=name, attempt=number, commit=commit)
        raise _unsteady(run)

    async def release(self, effect: ReleaseWorktree) -> None:
        """Remove a worktree nobody needs any more, and say where what was not committed in it is kept."""
        scratch, kept = self._run.attempt(effect.slug, effect.attempt).scratch, ""
        try:
            if effect.path and Path(effect.path).exists():
                repo = self._repository(effect.repository)
                kept = await asyncio.to_thread(git.worktrees.remove_worktree, repo, Path(effect.path))
            if effect.branch:
                apart, repo = {effect.made} - {""}, self._repository(effect.repository)
                unmerged = await asyncio.to_thread(
                    git.after_merging.remove_branch, repo, effect.branch, self._state.run, apart=apart
                )
                kept = kept or unmerged
            await asyncio.to_thread(shutil.rmtree, scratch, ignore_errors=True)
        except (OrchError, OSError) as error:  # the work is merged; a tree that stays is only disk space
            say(f"the worktree {effect.path!r} stays: {error}")
        if kept and effect.section in self._state.sections:
            words = f"what it left and is on no branch is kept as {kept}"
            seen = self._state.attempt(effect.section, effect.attempt).seen
            said = NoticeRaised(section=effect.section, attempt=effect.attempt, n=seen, kind="warning", text=words)
            await self._happened([said], "release")

    def unreleased(self) -> list[ReleaseWorktree]:
        """Worktrees of merged sections that are still there, and branches: an earlier runner did not come to them."""
        sections = (*self._state.sections.values(), *self._state.gone)
        effects = [effect for section in sections for effect in releasing.released(self._state, section)]
        there = {place: self._branches(place) for place in {one.repository for one in effects if one.branch}}
        stands = (
            (one, (one.path and Path(one.path).exists()) or one.branch in there.get(one.repository, ()))
            for one in effects
        )
        places = ("", *(one.path for one in repositories.elsewhere(self._state)))
        untold = [one for place in places for one in self._untold(place)]
        return [*(one for one, left in stands if left), *untold]

    def _untold(self, place: str) -> Iterator[ReleaseWorktree]:
        """Worktrees and branches that were made, and whose runner was killed before it could say so.

        Nobody has worked there.
        """
        state = self._state
        untold = [
            (section, attempt.number)
            for section in state.sections.values()
            for attempt in section.attempts
            if not attempt.branch and state.live.get(section.id) != attempt.number
        ]
        if not untold or state.settings.isolation != "worktree":
            return
        try:
            root = git.worktrees.worktree_root(self._repository(place), state.run)
        except OrchError:
            return
        there = self._branches(place)
        for section, number in untold:
            path, branch = root / section.slug / str(number), git.repo.attempt_branch(state.run, section.slug, number)
            if path.exists() or branch in there:
                at = {"slug": section.slug, "path": str(path), "branch": branch, "repository": place}
                yield ReleaseWorktree(section=section.id, attempt=number, **at)

    def _branches(self, place: str) -> frozenset[str]:
        try:
            return git.after_merging.branches(self._repository(place), self._state.run)
        except OrchError:
            return frozenset()

    def _checkout(self, repo: Repo) -> Looking:
        """The user's own checkout of a repository."""
        return self._checkouts.setdefault(repo.root, Looking(lambda: _looks(repo), self._clock.mono))

    def _place(self, section: SectionState, attempt: AttemptState) -> str:
        """The repository of an attempt that begins: that of the work it goes on with or proves, else the section's.

        Raises GitError for a section whose repository is not known, which is never another one's.
        """
        if goes_on_in := attempt.tree if attempt.tree != attempt.number else section.tree if attempt.proves else 0:
            return section.attempts[goes_on_in - 1].repository
        if not section.repository:
            return ""
        known = repositories.known(self._state, section.repository)
        if known is None:
            hint = "name it in `repositories`, or give the section another one; then retry"
            raise GitError(f"there is no repository {section.repository!r}", hint=hint)
        return known.path

    def _repository(self, place: str) -> Repo:
        """The repository at `place`, "" for the project's own. Raises GitError."""
        if place not in self._repos:
            self._repos[place] = git.worktrees.take_up(Path(place) if place else self._run.root)
        return self._repos[place]


def _was_merged(section: SectionState, attempt: AttemptState) -> bool:
    """Whether what the worktree of an attempt held before was merged, and the section goes on with it."""
    return any(one.merge_commit for one in section.attempts[attempt.tree - 1 : attempt.number])


def _looks(repo: Repo) -> str:
    """What the user's checkout looks like; "" where git cannot tell, which is no reason to fail an attempt."""
    try:
        return git.repo.status_fingerprint(repo)
    except OrchError:
        return ""


def _unsteady(run: str) -> GitError:
    return GitError(f"'orch/{run}' is moved again and again by somebody else", hint="see who does, then retry")
