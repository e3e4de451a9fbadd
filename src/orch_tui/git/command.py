"""How git is called: hardened, without questions, in the language its messages are read in.

Nothing of a repository runs on our behalf (no hooks, no file system monitor, no signing program, no filter or merge
driver of its own configuration); the environment of the caller chooses neither repository nor index; what is written is
on the disk when git returns (by itself git syncs packs only).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import signal
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import cache, wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from orch_tui import process
from orch_tui.errors import GitError, GitKilled
from orch_tui.git import disarming, leftovers
from orch_tui.git.places import common_dir, configuration_files, git_dir_of
from orch_tui.process import Completed
from orch_tui.room import NO_ROOM

OLDEST = (2, 38)  # the first with `git merge-tree --write-tree`
_HARDENED = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.fsync=added"),
    *("-c", "core.fsyncMethod=batch"),
    *("-c", "core.quotePath=false"),
    *("-c", "protocol.ext.allow=never"),
    *("-c", "commit.gpgSign=false"),
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),
    *("-c", "advice.addEmbeddedRepo=false"),
)
_KEPT = re.compile("GIT_(AUTHOR|COMMITTER)_(NAME|EMAIL|DATE)|GIT_CONFIG_GLOBAL|GIT_SSH.*")
_LONGEST = 900.0  # seconds; a checkout of a very large repository takes minutes
_LOCK = "orch-tui.lock"
_MOST_TOLD = 16
_told: dict[tuple[bytes, ...], frozenset[str]] = {}
"""Contents of configuration files -> what they say of who the user is."""
_HELPS = (
    (re.compile(r"'refs/heads/([^']+)' exists; cannot create"), "rename your branch {0!r}: it is in the way of ours"),
    (re.compile(r"unable to create '([^']+\.lock)': File exists", re.IGNORECASE), "end the other git, or remove {0!r}"),
    (
        re.compile(r"No space left on device|disk quota exceeded|unable to write file", re.IGNORECASE),
        NO_ROOM,
    ),
    (re.compile(r"dubious ownership in repository at '([^']+)'"), "git config --global --add safe.directory {0}"),
    (
        re.compile(r"(?:git-lfs|git lfs).*not found"),
        "install git-lfs, or remove its filter from your configuration",
    ),
    (
        re.compile(r"(?:clean|smudge) filter '?([^' ]+)'? failed"),
        "filters of a repository's own configuration do not run: put {0!r} into yours if you trust it",
    ),
)
"""What git says, and what would help."""
ANY = range(-64, 256)
"""For `allow`: whatever git ends with."""
_P = ParamSpec("_P")
_R = TypeVar("_R")


def git(
    at: Path,
    *arguments: str,
    stdin: bytes | None = None,
    env: Mapping[str, str] | None = None,
    allow: Sequence[int] = (0,),
    holding: Sequence[int] = (),
    most: int = 0,
) -> Completed:
    """Run git in the directory `at`; `env` comes on top of the hardened environment.

    `holding` are file descriptors (a lock) that stay open until git ends, even when we are killed first; `most` as for
    `process.run`. Raises GitError with git's words when it ends with a code that is not in `allow`.
    """
    argv = ["git", *_HARDENED, *arguments]
    given = _environment() | disarming.instead(at, arguments[0], lambda: _listed(at)) | dict(env or {})
    done = process.run(argv, cwd=at, env=given, stdin=stdin, timeout=_LONGEST, pass_fds=holding, most=most)
    if done.code > 0 and leftovers.unlocked(done.err):
        done = process.run(argv, cwd=at, env=given, stdin=stdin, timeout=_LONGEST, pass_fds=holding, most=most)
    if done.code == -signal.SIGKILL and not most:
        with contextlib.suppress(OSError):
            leftovers.clear(common_dir(git_dir_of(at)))
        hint = "see who does (is memory short?), then retry"
        raise GitKilled(f"git {arguments[0]} was killed in {str(at)!r}", hint=hint)
    if done.code not in allow:
        words = _words(done)
        raise GitError(f"git {arguments[0]} failed in {str(at)!r}: {words}", hint=_hint(words))
    return done


def once_more(step: Callable[_P, _R]) -> Callable[_P, _R]:
    """A step that is safe to do again is done again, once, when somebody kills a git of it."""

    @wraps(step)
    def done(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return step(*args, **kwargs)
        except GitKilled:
            return step(*args, **kwargs)

    return done


def filters_left_out(at: Path) -> list[str]:
    """Names of filters that the configuration of the repository at `at` has programs for, which do not run."""
    return disarming.filters(at, lambda: _listed(at))


def as_the_user(at: Path, *arguments: str) -> Completed:
    """Run git as the user would who stands in `at`: with their configuration, their hooks and their signing."""
    chosen = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"}  # a caller's, which may be another repository
    env = {key: value for key, value in os.environ.items() if key not in chosen}
    return process.run(["git", *arguments], cwd=at, env={**env, "GIT_TERMINAL_PROMPT": "0"})


def words_of(done: Completed) -> str:
    """What git said of a failure, in one line."""
    return _words(done)


def text(at: Path, *arguments: str, env: Mapping[str, str] | None = None, stdin: bytes | None = None) -> str:
    """What git prints, as one string without the newline at its end. Raises GitError."""
    return os.fsdecode(git(at, *arguments, env=env, stdin=stdin).out).removesuffix("\n")


@cache
def check_version() -> tuple[int, int]:
    """git's version (major, minor). Raises GitError when it is missing or older than `OLDEST`."""
    said = text(Path("/"), "version")
    major, minor, *_ = (int(number) for number in (*re.findall(r"\d+", said), 0, 0))
    version = (major, minor)
    if version < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise GitError(
            f"{said!r} is too old: orch-tui needs git {oldest}", hint="install a newer git, or use --isolation none"
        )
    return version


@contextlib.contextmanager
def locked(common: Path) -> Generator[int]:
    """Hold the one lock of a repository (all its worktrees, all processes); yields its file descriptor.

    Hand that to `git(holding=…)`: a git that outlives its killed caller then still holds the lock until it is done.
    """
    lock = os.open(common / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
    finally:
        os.close(lock)


def identity(at: Path) -> dict[str, str]:
    """What to add to the environment of a command that commits: nothing when the user has told git who they are."""
    configured = _configured(at)
    variables = {
        f"GIT_{role}_{key.upper()}": value
        for key, value in (("name", "orch-tui"), ("email", "orch-tui@localhost"))
        for role in ("AUTHOR", "COMMITTER")
        if f"user.{key}" not in configured
    }
    return {variable: value for variable, value in variables.items() if not os.environ.get(variable)}


def _configured(at: Path) -> frozenset[str]:
    """What git is told of who the user is. It is asked again only when a file that may say so is another one."""
    said = _configuration(at)
    if said is not None and said in _told:
        return _told[said]
    asked = git(at, "config", "--name-only", "--get-regexp", r"^user\.(name|email)$", allow=(0, 1)).out.decode()
    if said is not None:
        if len(_told) >= _MOST_TOLD:
            _told.clear()
        _told[said] = frozenset(asked.split())
    return frozenset(asked.split())


def _configuration(at: Path) -> tuple[bytes, ...] | None:
    """What the files say that configure our git in `at`; None where that is not known, or one includes others."""
    try:
        home = Path.home()
        users = os.environ.get("GIT_CONFIG_GLOBAL")
        xdg = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "git" / "config"
        globally = [Path(users)] if users else [xdg, home / ".gitconfig"]
        files = (*globally, *configuration_files(git_dir_of(at)))
        said = tuple(file.read_bytes() if file.exists() else b"" for file in files)
    except (OSError, RuntimeError):
        return None
    return None if any(b"[include" in one.lower() for one in said) else said


def _listed(at: Path) -> bytes:
    """The whole configuration in `at`, with where each setting comes from; nothing where it cannot be read."""
    asking = ("config", "--list", "--show-scope", "--null", "--includes")
    done = process.run(["git", *_HARDENED, *asking], cwd=at, env=_environment())
    if done.code == -signal.SIGKILL:  # half of it would leave programs armed
        raise GitKilled(f"git config was killed in {str(at)!r}")
    return done.out


def _environment() -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or _KEPT.fullmatch(key)}
    return inherited | {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
    }


def _words(done: Completed) -> str:
    lines = (done.err.strip() or done.out.strip()).decode(errors="replace").splitlines()
    return "; ".join(line.strip() for line in lines[:4]) or f"exit code {done.code}"


def _hint(words: str) -> str:
    return next((helps.format(*found.groups()) for said, helps in _HELPS if (found := said.search(words))), "")
