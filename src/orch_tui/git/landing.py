"""Bringing a branch to the one the user stands on: what is in the way, what would change, and the doing of it.

Looking is done by the hardened git, without a change; landing by the user's own, with their hooks and signing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from orch_tui.errors import GitError, UserError
from orch_tui.git.command import as_the_user, git, text, words_of
from orch_tui.git.replaying import flattened, steps
from orch_tui.git.repo import Repo, commit_of, head, holds
from orch_tui.git.three_way import Conflict, together, tree_of
from orch_tui.merge_settings import LocalStrategy
from orch_tui.process import Completed

_MOST_NAMED = 6
_UNDER_WAY = {
    "MERGE_HEAD": "a merge",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
}


class NothingToLand(UserError):
    """The user's branch holds all of it already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """What would come to the user's branch `onto`, from the commit `head` to `tip` (hex) of `branch`.

    `commits` are (hash, subject) of the branch's own line, newest first, `count` all that would come; `files` are
    (path, lines added, lines taken away), where -1 says that it is binary. `replayed` are those (hex) that are made
    again one by one, the first first, where it is done that way.
    """

    onto: str
    head: str
    branch: str
    tip: str
    commits: tuple[tuple[str, str], ...]
    count: int
    files: tuple[tuple[str, int, int], ...]
    replayed: tuple[str, ...] = ()


def look(repo: Repo, branch: str, way: LocalStrategy) -> Landing:
    """What landing `branch` comes to. Raises UserError with what is in the way, and GitError; changes nothing."""
    tip = commit_of(repo, f"refs/heads/{branch}")
    if tip is None:
        raise UserError(f"there is no branch {branch!r}", hint="nothing was merged in this run so far")
    onto, at = _standing(repo, branch)
    base = git(repo.root, "merge-base", at, tip, allow=(0, 1)).out.decode().strip()
    if base == tip:
        raise NothingToLand(f"{onto!r} holds everything of {branch!r} already")
    if way == "ff" and base != at:
        raise UserError(f"{onto!r} has commits that {branch!r} has not", hint="take another strategy")
    tree = tip if base == at else _merged(repo, at, tip, onto, branch)
    files = _files(repo, at, tree)
    if not files:
        raise NothingToLand(f"{onto!r} has the very files of {branch!r} already")
    _refuse_overwriting(repo, at, tree, {name for name, _, _ in files})
    found = _coming(repo, onto=onto, head=at, branch=branch, tip=tip, files=files)
    return replace(found, replayed=_one_by_one(repo, at, tip, tree_of(repo, tree))) if way == "rebase" else found


def outgoing(repo: Repo, branch: str, base: str) -> Landing:
    """What `branch` would bring to `base`, a branch of a remote as it is known here ("origin/main"); changes nothing.

    Raises UserError when that is nothing, or when there is no such branch, GitError.
    """
    tip, at = commit_of(repo, f"refs/heads/{branch}"), commit_of(repo, f"refs/remotes/{base}")
    if tip is None:
        raise UserError(f"there is no branch {branch!r}", hint="nothing was merged in this run so far")
    if at is None:
        raise UserError(f"there is no branch {base!r}", hint="set 'forge.base' in the settings")
    if holds(repo, at, tip):
        raise NothingToLand(f"{base!r} holds everything of {branch!r} already")
    since = text(repo.root, "merge-base", at, tip)
    return _coming(repo, onto=base, head=at, branch=branch, tip=tip, files=_files(repo, since, tip))


def _coming(
    repo: Repo, *, onto: str, head: str, branch: str, tip: str, files: tuple[tuple[str, int, int], ...]
) -> Landing:
    listed = text(repo.root, "log", "--first-parent", "--format=%h%x00%s", f"{head}..{tip}").splitlines()
    lines = [line.partition("\0") for line in listed]
    return Landing(
        onto=onto,
        head=head,
        branch=branch,
        tip=tip,
        commits=tuple((short, subject) for short, _, subject in lines),
        count=int(text(repo.root, "rev-list", "--count", f"{head}..{tip}")),
        files=files,
    )


def land(repo: Repo, found: Landing, way: LocalStrategy, message: str) -> str:
    """Bring exactly what was shown to the user's branch; returns the commit (hex) it is at.

    Raises UserError, with what git or a hook said, and leaves the checkout as it was.
    """
    if _standing(repo, found.branch) != (found.onto, found.head):
        raise UserError("the branch you stand on moved since this was shown", hint="look at it again")
    try:
        done = _bring(repo, found, way, message)
    except BaseException:  # an impatient person, or a git that cannot be started
        _take_back(repo, way, found.head)
        raise
    if done.code:
        _take_back(repo, way, found.head)
        raise UserError(f"nothing was landed: {words_of(done)}")
    return text(repo.root, "rev-parse", "--verify", "HEAD")


def _bring(repo: Repo, found: Landing, way: LocalStrategy, message: str) -> Completed:
    match way:
        case "ff":
            return as_the_user(repo.root, "merge", "--ff-only", found.tip)
        case "merge":
            return as_the_user(repo.root, "merge", "--no-ff", "-m", message, found.tip)
        case "squash":
            done = as_the_user(repo.root, "merge", "--squash", found.tip)
            return done if done.code else as_the_user(repo.root, "commit", "-m", message)
        case "rebase":
            return _replay(repo, found)


def _one_by_one(repo: Repo, at: str, tip: str, tree: str) -> tuple[str, ...]:
    """The commits (hex) that come to `tree` when they are made again on top of `at`. Raises UserError when none do."""
    made = steps(repo, flattened(repo, at, tip), at)
    if isinstance(made, Conflict) or not made or made[-1][1] != tree:
        why = f"they conflict in {_named(made.files)}" if isinstance(made, Conflict) else "a merge of them is needed"
        raise UserError(f"its commits do not come to the same one by one: {why}", hint="take another strategy")
    return tuple(one.commit for one, _ in made)


def _replay(repo: Repo, found: Landing) -> Completed:
    """Make commits again as the user: their hooks see each, and each is signed as they have it."""
    git(repo.root, "update-ref", "ORIG_HEAD", found.head)
    done = Completed(code=0, out=b"", err=b"")
    for commit in found.replayed:
        done = as_the_user(repo.root, "cherry-pick", "--no-commit", commit)
        done = done if done.code else as_the_user(repo.root, "commit", "--reuse-message", commit)
        if done.code:
            break
    return done


def _standing(repo: Repo, branch: str) -> tuple[str, str]:
    """The branch the user stands on, and its commit. Raises UserError where nothing can land on it."""
    done = git(repo.root, "symbolic-ref", "--quiet", "--short", "HEAD", allow=(0, 1))
    onto, at = os.fsdecode(done.out).strip(), head(repo)
    if done.code:
        raise UserError("you stand on no branch (detached HEAD)", hint="switch to the branch it is to land on")
    if at is None:
        raise UserError(f"{onto!r} has no commit so far", hint="make one first")
    if onto == branch:
        raise UserError(f"you stand on {branch!r} itself", hint="switch to the branch it is to land on")
    place = Path(text(repo.root, "rev-parse", "--absolute-git-dir"))
    for name, what in _UNDER_WAY.items():
        if (place / name).exists():
            raise UserError(f"{what} is under way in {str(repo.root)!r}", hint="finish or abort it first")
    return onto, at


def _merged(repo: Repo, at: str, tip: str, onto: str, branch: str) -> str:
    """The tree of both together. Raises UserError when they conflict."""
    tree = together(repo, at, tip)
    if isinstance(tree, Conflict):
        raise UserError(
            f"{onto!r} and {branch!r} conflict in {_named(tree.files)}",
            hint=f"nothing was changed; `git merge {branch}` lets you resolve it",
        )
    return tree


def _files(repo: Repo, at: str, tree: str) -> tuple[tuple[str, int, int], ...]:
    listed = git(repo.root, "diff-tree", "-r", "-z", "--numstat", "--no-renames", "--no-textconv", at, tree).out
    rows = [row.split(b"\t", 2) for row in listed.split(b"\0") if row]
    return tuple((os.fsdecode(name), _lines(plus), _lines(minus)) for plus, minus, name in rows)


def _lines(count: bytes) -> int:
    return -1 if count == b"-" else int(count)


def _refuse_overwriting(repo: Repo, at: str, tree: str, changed: set[str]) -> None:
    """Raises UserError when something that is in no commit would be lost, or would slip into the one that lands."""
    said = git(repo.root, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=no").out
    entries = [(entry[:2], os.fsdecode(entry[3:])) for entry in said.split(b"\0") if entry]
    staged = [name for state, name in entries if state[:1] != b" "]
    if staged:
        raise UserError(f"changes are staged: {_named(staged)}", hint="commit or stash them first")
    flags = ("-r", "-z", "--name-only", "--no-renames", "--diff-filter=A")
    added = git(repo.root, "diff-tree", *flags, at, tree).out.split(b"\0")
    there = [os.fsdecode(name) for name in added if name and os.path.lexists(os.fsencode(repo.root) + b"/" + name)]
    lost = [name for _, name in entries if name in changed] + there
    if lost:
        raise UserError(f"your own changes would be overwritten: {_named(lost)}", hint="commit or stash them first")


def _take_back(repo: Repo, way: LocalStrategy, head: str) -> None:
    """The checkout as it was, at the commit `head` (hex), before a landing that a hook or a signature stopped."""
    place = Path(text(repo.root, "rev-parse", "--absolute-git-dir"))
    if (place / "MERGE_HEAD").exists():
        git(repo.root, "merge", "--abort")
    elif way == "rebase":
        git(repo.root, "reset", "--quiet", "--merge", head)
    elif way == "squash" and (place / "SQUASH_MSG").exists():
        git(repo.root, "reset", "--quiet", "--merge", "HEAD")
        (place / "SQUASH_MSG").unlink(missing_ok=True)
    left = git(repo.root, "diff", "--cached", "--quiet", allow=(0, 1)).code
    if left:
        raise GitError(f"the checkout {str(repo.root)!r} could not be put back", hint="look at `git status` there")


def _named(files: Iterable[str]) -> str:
    names = [repr(name) for name in files]
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
