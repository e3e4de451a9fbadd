"""What a new worktree is given of the user's checkout: files that git ignores, such as `.env`, copied or linked.

Which files are copied says `.worktreeinclude` at the top of the repository, in the syntax of `.gitignore` (as Claude
Code has it), and the settings. What git would take for a section's work is left out; so is whatever leads out of the
repository. Nothing that stands in the worktree is ever replaced.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path, PurePosixPath

from orch_tui.errors import ConfigError
from orch_tui.git.command import git
from orch_tui.git.duplicating import copy_file, parent_of
from orch_tui.git.repo import EXCLUDED, Repo, exclude

INCLUDE = ".worktreeinclude"
MOST_FILES = 5_000
MOST_BYTES = 256 * 1024 * 1024
_LARGEST_INCLUDE = 64 * 1024
_MOST_NAMED = 3
_INSTEAD = "name fewer in .worktreeinclude and `worktree.copy`, or link what is large by `worktree.link`"


def furnish(repo: Repo, worktree: Path, *, copy: Sequence[str] = (), link: Sequence[str] = ()) -> tuple[str, ...]:
    """Copy and link into `worktree` what it is to be given; returns what was left out and why, for a person.

    `copy` are patterns beside those of `.worktreeinclude`, `link` paths. May be called again. Raises ConfigError when
    it is too much, GitError, OSError.
    """
    said: list[str] = []
    _copy(repo, worktree, _matching(repo, copy, said), said)
    for path in link:
        _link(repo, worktree, path.rstrip("/"), said)
    return tuple(said)


def _matching(repo: Repo, patterns: Sequence[str], said: list[str]) -> list[str]:
    """The ignored files of the user's checkout that match."""
    chosen = [f"--exclude={pattern}" for pattern in patterns]
    include = repo.root / INCLUDE
    with contextlib.suppress(FileNotFoundError):
        found = include.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST_INCLUDE:
            said.append(f"{INCLUDE} is not read: it is no file of at most {_LARGEST_INCLUDE // 1024} KB")
        else:
            chosen.append(f"--exclude-from={INCLUDE}")
    if not chosen:
        return []
    listed = _paths(git(repo.root, "ls-files", "-z", "--others", "--ignored", *chosen).out)
    own = EXCLUDED.strip("/") + "/"
    inner = [path for path in listed if path.endswith("/")]
    files = [path for path in listed if not path.startswith(own) and not path.endswith("/")]
    ignored = _ignored(repo.root, files)
    _leave_out(said, inner, "a repository of its own")
    _leave_out(said, (path for path in files if path not in ignored), "not ignored by git, and would become work")
    return [path for path in files if path in ignored]


def _ignored(at: Path, paths: Sequence[str]) -> set[str]:
    if not paths:
        return set()
    asked = b"".join(os.fsencode(path) + b"\0" for path in paths)
    return set(_paths(git(at, "check-ignore", "-z", "--stdin", stdin=asked, allow=(0, 1, 128)).out))


def _copy(repo: Repo, worktree: Path, paths: list[str], said: list[str]) -> None:
    if len(paths) > MOST_FILES:
        raise ConfigError(f"{len(paths)} files would be copied into each worktree, {MOST_FILES} at most", hint=_INSTEAD)
    found = [(path, (repo.root / path).lstat()) for path in paths]
    size = sum(one.st_size for _, one in found if stat.S_ISREG(one.st_mode))
    if size > MOST_BYTES:
        megabytes = 1024 * 1024
        raise ConfigError(
            f"{size // megabytes} MB would be copied into each worktree, {MOST_BYTES // megabytes} at most",
            hint=_INSTEAD,
        )
    for path, one in found:
        if stat.S_ISLNK(one.st_mode):
            _copy_link(repo, worktree, path, said)
        elif stat.S_ISREG(one.st_mode):
            with _refused(path, said):
                copy_file(repo.root, worktree, path)
        else:
            _leave_out(said, [path], "no file")


def _copy_link(repo: Repo, worktree: Path, path: str, said: list[str]) -> None:
    target = (repo.root / path).readlink()
    leads = Path(os.path.normpath((repo.root / path).parent / target))
    if target.is_absolute() or not leads.is_relative_to(repo.root):
        _leave_out(said, [path], "a link that leads out of the repository, or to the checkout itself")
        return
    with _refused(path, said), parent_of(worktree, path, make=True) as there, contextlib.suppress(FileExistsError):
        os.symlink(target, PurePosixPath(path).name, dir_fd=there)


def _link(repo: Repo, worktree: Path, path: str, said: list[str]) -> None:
    source = repo.root / path
    if not os.path.lexists(source):
        _leave_out(said, [path], "not there", "linked")
    elif not source.resolve().is_relative_to(repo.root.resolve()):
        _leave_out(said, [path], "a link that leads out of the repository", "linked")
    elif not _ignored(repo.root, [path]):
        _leave_out(said, [path], "not ignored by git, and would become work", "linked")
    else:
        if not _ignored(worktree, [path]):  # "data/" ignores a directory, and no link
            exclude(repo, _literally(path))
        with _refused(path, said, "linked"), parent_of(worktree, path, make=True) as there:
            try:
                os.symlink(source, PurePosixPath(path).name, dir_fd=there)
            except FileExistsError:
                if not (worktree / path).is_symlink():
                    _leave_out(said, [path], "in the worktree already", "linked")


@contextlib.contextmanager
def _refused(path: str, said: list[str], done: str = "copied") -> Generator[None]:
    """What the file system refuses for one path, a link in the way for example, costs that path only."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise
        leads = error.errno in {errno.ELOOP, errno.ENOTDIR}
        _leave_out(said, [path], "a link or a file is in the way" if leads else error.strerror or str(error), done)


def _leave_out(said: list[str], paths: Iterable[str], why: str, done: str = "copied") -> None:
    if every := list(paths):
        more = f" and {len(every) - _MOST_NAMED} more" if len(every) > _MOST_NAMED else ""
        named = ", ".join(map(repr, every[:_MOST_NAMED]))
        said.append(f"not {done} into the worktree: {named}{more}: {why}")


def _paths(listed: bytes) -> list[str]:
    return [os.fsdecode(path) for path in listed.split(b"\0") if path]


def _literally(path: str) -> str:
    """A pattern of `.gitignore` that means this path alone."""
    return "/" + re.sub(r"([\\*?\[\]!# ])", r"\\\1", path)
