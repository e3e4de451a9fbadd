"""The user's repository: finding it, its names for a run's branches, and the integration branch.

`orch/<run>` gathers the work of a run. The branch of one attempt is `orch-work/<run>/<section>/<attempt>`: below
`orch/<run>` it could not live, because a ref cannot be a file and a directory. Nothing here touches the user's checkout
or branch.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from orch_tui.errors import GitError
from orch_tui.git.command import check_version, git, identity, locked, text

EXCLUDED = "/.orch/"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")
_NO_REPOSITORY = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Repo:
    """A repository: `root` is the top of the user's checkout, `common` the git directory that all worktrees share."""

    root: Path
    common: Path


def integration_branch(run: str) -> str:
    """The branch that gathers the work of a run."""
    return f"orch/{_checked(run)}"


def attempt_branch(run: str, slug: str, attempt: int) -> str:
    """The branch of one attempt of one section."""
    return f"orch-work/{_checked(run)}/{_checked(slug)}/{attempt:d}"


def find(path: Path) -> Repo | None:
    """The repository that `path` (a directory) lies in, or None.

    Raises GitError when git is missing, too old, or refuses the repository (a bare one, or one of another owner).
    """
    check_version()
    done = git(
        path, "rev-parse", "--path-format=absolute", "--show-toplevel", "--git-common-dir", allow=(0, _NO_REPOSITORY)
    )
    if done.code == 0:
        root, common = os.fsdecode(done.out).splitlines()
        return Repo(root=Path(root), common=Path(common))
    if b"not a git repository" in done.err:
        return None
    hint = "run orch-tui in a checkout" if b"work tree" in done.err else ""
    raise GitError(
        f"cannot use the repository at {str(path)!r}: {done.err.decode(errors='replace').strip()}", hint=hint
    )


def standing_at(path: Path) -> Repo:
    """The repository whose checkout has its top at `path`. Raises GitError when that is none, or none any more."""
    found = find(path) if path.is_dir() else None
    if found is None or found.root != path.resolve():
        raise GitError(f"{str(path)!r} is no git repository any more", hint="put it back, then retry")
    return found


def commit_of(repo: Repo, ref: str) -> str | None:
    """The commit (hex) that a full ref, a hash or HEAD stands for; None when there is none."""
    done = git(
        repo.root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}", allow=(0, 1, 128)
    )
    return done.out.decode().strip() or None


def holds(repo: Repo, commit: str, other: str) -> bool:
    """Whether `commit` has another one in its history."""
    return not git(repo.root, "merge-base", "--is-ancestor", other, commit, allow=(0, 1)).code


def head(repo: Repo) -> str | None:
    """The commit (hex) the user's checkout is at; None in a repository without any commit."""
    return commit_of(repo, "HEAD")


def ensure_integration(repo: Repo, run: str) -> str:
    """Make the integration branch of `run` at HEAD when it is missing; returns its commit (hex).

    In a repository without any commit it starts from an empty commit of its own; the user's branch stays unborn.
    Raises GitError when git refuses the name (a branch called "orch" is in the way).
    """
    ref = f"refs/heads/{integration_branch(run)}"
    with locked(repo.common) as lock:
        existing = commit_of(repo, ref)
        if existing:
            return existing
        start = head(repo) or _empty_commit(repo, run)
        git(repo.root, "update-ref", "-m", "orch-tui: start", ref, start, "", holding=(lock,))
    return start


def among(repo: Repo, commit: str, names: Iterable[str]) -> bool:
    """Whether one of these names is in the top directory of a commit."""
    return bool(git(repo.root, "ls-tree", "--name-only", "-z", commit, "--", *names).out)


def exclude(repo: Repo, pattern: str = EXCLUDED) -> None:
    """Keep what `pattern` means (`.orch/`) out of git's sight in every worktree, without touching a tracked file."""
    file = repo.common / "info" / "exclude"
    with locked(repo.common):
        file.parent.mkdir(exist_ok=True)
        present = file.read_bytes() if file.exists() else b""
        line = os.fsencode(pattern)
        if line in present.splitlines():
            return
        with file.open("ab") as out:
            out.write(b"\n" * (not present.endswith(b"\n") and bool(present)) + line + b"\n")


def status_fingerprint(repo: Repo) -> str:
    """A hash of the user's checkout: HEAD, branch, index and the files that differ. Equal before and after: untouched.

    In a checkout without changes it costs one look at each file, as `git status` does.
    """
    said = git(repo.root, "status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--no-renames").out
    about = hashlib.sha256()
    for record in said.split(b"\0"):
        if record.startswith((b"# branch.upstream", b"# branch.ab")):
            continue  # a fetch moves these
        about.update(record + b"\0")
        path = record[2:] if record.startswith(b"? ") else record.split(b" ", 8)[-1]
        if record[:2] in {b"1 ", b"u ", b"? "}:
            with contextlib.suppress(OSError):
                found = os.lstat(os.path.join(os.fsencode(repo.root), path))  # noqa: PTH118
                about.update(f"{found.st_size} {found.st_mtime_ns} {found.st_mode}".encode())
    return about.hexdigest()


def _empty_commit(repo: Repo, run: str) -> str:
    tree = text(repo.root, "mktree", stdin=b"")
    return text(repo.root, "commit-tree", "-m", f"Start run {run}", tree, env=identity(repo.root))


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise GitError(f"{name!r} cannot be part of a branch name", hint="use letters, digits, - and _")
    return name
