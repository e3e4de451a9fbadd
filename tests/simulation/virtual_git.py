"""A repository in memory behind the functions of `orch_tui.git`: branches, commits of whole trees, worktrees, merges.

Refs and commits are safe once they are made (git is told to sync them); what lies in a worktree and is not committed is
not, unless whoever wrote it synced it. Worktrees are real, empty directories: the engine looks whether they stand.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from orch_tui.errors import GitError
from orch_tui.git import (
    after_merging,
    conflicts,
    copying,
    leftovers,
    merge,
    notable,
    repo,
    three_way,
    undoing,
    unfinished,
    work,
    worktrees,
)
from orch_tui.git.merge import Candidate, Contained
from orch_tui.git.repo import Repo, integration_branch
from orch_tui.git.three_way import Conflict
from orch_tui.git.undoing import Reverted
from orch_tui.git.work import PutBack, Work

Tree = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: what it is on top of, and all files as it has them."""

    name: str
    parents: tuple[str, ...]
    tree: Tree
    words: str = ""


@dataclass(slots=True)
class Worktree:
    """What stands at a path. `dirty` are changes nobody has committed (None: removed)."""

    branch: str
    head: str
    dirty: dict[str, str] = field(default_factory=dict)
    merging: str = ""
    unsafe: set[str] = field(default_factory=set)
    """Changes that nobody synced."""

    def power_cut(self, random: Random) -> set[str]:
        """Lose some of what nobody synced; returns what that was."""
        lost = {name for name in sorted(self.unsafe) if name in self.dirty and random.random() < 0.5}
        self.unsafe.clear()
        return {self.dirty.pop(name) for name in sorted(lost)}


class Git:
    """The repository. `point` is asked before and after each step that changes something; it may raise."""

    def __init__(self, root: Path, point: Callable[[str], None]) -> None:
        self.root = root
        self.repo = Repo(root=root, common=root / ".git")
        self._point = point
        self.commits: dict[str, Commit] = {}
        self.branches: dict[str, str] = {}
        self.rescued: dict[str, str] = {}
        self.trees: dict[Path, Worktree] = {}
        self.start = self._commit((), {"README": "0"}, "begin")
        self.branches["main"] = self.start

    def installed(self) -> ExitStack:
        """Stand behind the package's functions for the time being."""
        stack = ExitStack()
        mine: dict[Any, dict[str, Callable[..., Any]]] = {
            repo: {
                "find": lambda path: self.repo,
                "standing_at": lambda path: self.repo,
                "commit_of": lambda repo, ref: self.branches["main"],
                "head": lambda repo: self.branches["main"],
                "ensure_integration": self.ensure_integration,
                "among": lambda repo, commit, names: False,
                "status_fingerprint": lambda repo: "as it was",
            },
            worktrees: {
                "take_up": lambda top: self.repo,
                "worktree_root": lambda repo, run: self.root / ".trees" / run,
                "repair": lambda repo, paths: frozenset(),
                "kept_root": lambda repo: self.root / ".kept",
                "add_worktree": self.add_worktree,
                "reopen_worktree": self.reopen_worktree,
                "remove_worktree": self.remove_worktree,
            },
            work: {
                "commit_all": self.commit_all,
                "head_of": lambda tree: self.trees[tree].head,
                "put_back": self.put_back,
                "rescue": self.rescue,
            },
            leftovers: {"unlock": lambda paths: None},
            unfinished: {
                "look": lambda tree, base: unfinished.Unfinished(),
                "stands_at": lambda tree, commit: tree in self.trees and self.trees[tree].head == commit,
            },
            conflicts: {"merge_in": self.merge_in, "marked": lambda tree, base, commit: ()},
            merge: {"compute": self.compute, "move": self.move},
            three_way: {"together": self.together},
            undoing: {"revert": self.revert},
            after_merging: {
                "begin_again": self.begin_again,
                "rejoin": lambda repo, tree, run: False,
                "branches": self.branches_of,
                "remove_branch": self.remove_branch,
            },
            copying: {"furnish": lambda repo, tree, copy=(), link=(): ()},
            notable: {"lacking": lambda tree, setup: (), "uncommitted": lambda repo, apart: ""},
        }
        for module, functions in mine.items():
            for name, function in functions.items():
                stack.enter_context(patch.object(module, name, function))
        return stack

    # --- what holds what ----------------------------------------------------------------------------------------------

    def history(self, commit: str) -> set[str]:
        """A commit and all below it."""
        seen: set[str] = set()
        left = [commit]
        while left:
            name = left.pop()
            if name not in seen:
                seen.add(name)
                left += self.commits[name].parents
        return seen

    def _line(self, commit: str) -> Iterator[Commit]:
        """The commits that a branch was at, one after the other."""
        while commit:
            yield (found := self.commits[commit])
            commit = found.parents[0] if found.parents else ""

    def line(self, run: str) -> Iterator[Commit]:
        """What the integration branch was at, the latest first."""
        return self._line(self.branches.get(integration_branch(run), self.start))

    def brought(self, run: str) -> Tree:
        """The files of the integration branch."""
        return self.commits[self.branches.get(integration_branch(run), self.start)].tree

    def _commit(self, parents: Sequence[str], tree: Tree, words: str) -> str:
        name = f"{len(self.commits) + 1:040x}"
        self.commits[name] = Commit(name, tuple(parents), dict(tree), words)
        return name

    def _base(self, ours: str, theirs: str) -> str:
        mine = self.history(ours)
        left = [theirs]
        while left:
            name = left.pop(0)
            if name in mine:
                return name
            left += self.commits[name].parents
        return self.start

    def _three_way(self, base: Tree, ours: Tree, theirs: Tree) -> Tree | Conflict:
        merged = dict(ours)
        wrong: list[str] = []
        for name in sorted({*base, *ours, *theirs}):
            was, mine, other = base.get(name), ours.get(name), theirs.get(name)
            if other in (was, mine):
                continue
            if mine != was:
                wrong.append(name)
            elif other is None:
                merged.pop(name, None)
            else:
                merged[name] = other
        return Conflict(files=tuple(wrong)) if wrong else merged

    # --- the functions ------------------------------------------------------------------------------------------------

    def ensure_integration(self, repo: Repo, run: str) -> str:
        self._point("git integration")
        return self.branches.setdefault(integration_branch(run), self.branches["main"])

    def add_worktree(self, repo: Repo, *, branch: str, base: str, path: Path) -> None:
        self._point("git worktree add")
        stands = self.trees.get(path)
        if stands is not None and path.exists():
            if (stands.branch, stands.head) != (branch, base):
                raise GitError(f"the worktree {str(path)!r} already holds other work ({stands.head})")
            return
        if self.branches.get(branch, base) != base:
            raise GitError(f"the branch {branch!r} already holds other work ({self.branches[branch]})")
        self.branches[branch] = base
        self._point("git worktree add, half")
        path.mkdir(parents=True, exist_ok=True)
        self.trees[path] = Worktree(branch, base)
        self._point("git worktree add, done")

    def reopen_worktree(self, repo: Repo, *, branch: str, path: Path) -> bool:
        self._point("git worktree reopen")
        if path in self.trees and path.exists():
            return False
        if branch not in self.branches:
            raise GitError(f"there is no branch {branch!r}")
        path.mkdir(parents=True, exist_ok=True)
        self.trees[path] = Worktree(branch, self.branches[branch])
        return True

    def remove_worktree(self, repo: Repo, path: Path) -> str:
        self._point("git worktree remove")
        kept = self.rescue(path) if path in self.trees else ""
        self.trees.pop(path, None)
        if path.exists():
            shutil.rmtree(path)
        self._point("git worktree removed")
        return kept

    def rescue(self, path: Path) -> str:
        self._point("git rescue")
        tree = self.trees[path]
        if not tree.dirty and self.branches.get(tree.branch) == tree.head:
            return ""
        saved = self._commit((tree.head,), {**self.commits[tree.head].tree, **tree.dirty}, "rescued")
        return self._save(tree.branch, saved)

    def _save(self, branch: str, commit: str) -> str:
        name = f"refs/orch/rescue/{branch.removeprefix('orch-work/')}"
        if self.rescued.get(name, commit) != commit:
            name = f"{name}-{commit[-12:]}"
        self.rescued[name] = commit
        return name

    def commit_all(self, path: Path, message: str, *, base: str, onto: str = "") -> Work:
        self._point("git commit")
        tree = self.trees[path]
        if tree.dirty or tree.merging:
            parents = (tree.head, tree.merging) if tree.merging else (tree.head,)
            commit = self._commit(parents, {**self.commits[tree.head].tree, **tree.dirty}, message)
            self._point("git commit, half")
            self.branches[tree.branch] = tree.head = commit
            tree.dirty, tree.merging, tree.unsafe = {}, "", set()
        else:
            self.branches[tree.branch] = tree.head
        self._point("git commit, done")
        if onto:
            base = self._base(tree.head, self.branches[onto])
        files = self._changed(base, tree.head)
        return Work(commit=tree.head, base=base, files=files, file_count=len(files), insertions=len(files), deletions=0)

    def _changed(self, base: str, commit: str) -> tuple[str, ...]:
        before, after = self.commits[base].tree, self.commits[commit].tree
        return tuple(name for name in sorted({*before, *after}) if before.get(name) != after.get(name))

    def put_back(self, path: Path, *, head: str, keep: str) -> PutBack:
        self._point("git put back")
        tree = self.trees[path]
        files, moved = tuple(tree.dirty), tree.head != head
        tree.dirty = {}
        self.branches[tree.branch] = tree.head = head
        return PutBack(files=files, moved=moved)

    def merge_in(self, path: Path, branch: str) -> tuple[str, ...]:
        tree, theirs = self.trees[path], self.branches[branch]
        if theirs in self.history(tree.head) or tree.merging:
            return ()
        base = self._base(tree.head, theirs)
        mine = {**self.commits[tree.head].tree, **tree.dirty}
        found = self._three_way(self.commits[base].tree, mine, self.commits[theirs].tree)
        merged = {**self.commits[theirs].tree, **mine} if isinstance(found, Conflict) else found
        tree.dirty = {name: text for name, text in merged.items() if self.commits[tree.head].tree.get(name) != text}
        tree.merging = theirs
        return found.files if isinstance(found, Conflict) else ()

    def together(self, repo: Repo, ours: str, theirs: str) -> str | Conflict:
        trees = [self.commits[one].tree for one in (self._base(ours, theirs), ours, theirs)]
        found = self._three_way(*trees)
        return found if isinstance(found, Conflict) else repr(sorted(found.items()))

    def compute(
        self, repo: Repo, *, run: str, branch: str, message: str, strategy: str = "merge", onto: str = ""
    ) -> Contained | Candidate | Conflict:
        self._point("git merge")
        target = integration_branch(run)
        for name in (target, branch):
            if name not in self.branches:
                raise GitError(f"the branch {name!r} does not exist any more")
        ours, theirs = onto or self.branches[target], self.branches[branch]
        if theirs in self.history(ours):
            return Contained(commit=ours)
        base = self._base(ours, theirs)
        found = self._three_way(*(self.commits[one].tree for one in (base, ours, theirs)))
        if isinstance(found, Conflict):
            return found
        commit = self._commit((ours, theirs), found, message)
        return Candidate(commit=commit, onto=ours, forward=found == self.commits[theirs].tree)

    def move(self, repo: Repo, *, run: str, commit: str, words: str, onto: str = "", looked: bool = False) -> bool:
        self._point("git move")
        target = integration_branch(run)
        at = self.branches[target]
        if commit in self.history(at):
            return True
        if (onto or self.commits[commit].parents[0]) != at:
            return False
        self.branches[target] = commit
        self._point("git moved")
        return True

    def revert(self, repo: Repo, run: str, tips: Mapping[str, str]) -> Reverted | Conflict:
        self._point("git revert")
        onto = at = self.branches[integration_branch(run)]
        merges: list[str] = []
        for commit in self._line(onto):
            if len(commit.parents) == 2 and commit.parents[1] in tips:
                below = self.commits[commit.parents[0]].tree
                found = self._three_way(commit.tree, self.commits[at].tree, below)
                if isinstance(found, Conflict):
                    return found
                merges.append(commit.name)
                if found != self.commits[at].tree:
                    at = self._commit((at,), found, f"revert {commit.name}")
        return Reverted(commit=at, onto=onto, merges=tuple(merges))

    def begin_again(self, repo: Repo, branch: str, run: str) -> None:
        self.branches.setdefault(branch, self.branches[integration_branch(run)])

    def branches_of(self, repo: Repo, run: str) -> frozenset[str]:
        return frozenset(name for name in self.branches if name.startswith(f"orch-work/{run}/"))

    def remove_branch(self, repo: Repo, branch: str, run: str, *, apart: Sequence[str] = ()) -> str:
        self._point("git branch remove")
        tip = self.branches.get(branch)
        if tip is None or any(tree.branch == branch for tree in self.trees.values()):
            return ""
        merged = tip in self.history(self.branches[integration_branch(run)])
        kept = "" if merged or tip in apart else self._save(branch, tip)
        del self.branches[branch]
        return kept
