"""Programs that a repository's own configuration names, and what git is told to use in their place.

Hooks and the file system monitor are switched off for good (`command.py`). The rest depends on names that the
repository chooses: filters, merge drivers, how a remote is reached. What the user's own configuration says stands; who
trusts a program of a repository puts it there. Attributes alone run nothing.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from orch_tui.git.places import configuration_files, git_dir_of

_BUILT_IN_MERGE = "git merge-file --quiet --marker-size=%L -L ours -L base -L theirs %A %O %B"
_LFS = re.compile(r"git-lfs (?:(?:clean|smudge(?: --skip)?) -- %f|filter-process(?: --skip)?)")
"""What `git lfs install --local` writes: the program is the one that the user installed."""
_FILTERS = re.compile(r"filter\.(.+)\.(?:clean|smudge|process)")
_INSTEAD = (
    (_FILTERS, "", ""),
    (re.compile(r"merge\.(.+)\.driver"), "", _BUILT_IN_MERGE),
)
"""What a repository sets, what is set against it ("": the same), and to what."""
_OF_REMOTES = (
    (re.compile(r"core\.sshcommand"), "", "ssh"),
    (re.compile(r"core\.gitproxy"), "", "none"),
    (re.compile(r"core\.askpass|credential\.(?:.+\.)?helper"), "", ""),
    # Of several git takes the first one, and it runs on this machine where the remote is a directory.
    (re.compile(r"remote\.(.+)\.uploadpack"), "protocol.file.allow", "never"),
)
"""Also where no remote is meant: git fetches what a partial clone lacks when it needs it."""
_SUSPICIOUS = re.compile(
    rb"\b(?:clean|smudge|process|driver|sshcommand|gitproxy|askpass|helper|uploadpack)\b|\[\s*include",
    re.IGNORECASE,
)
_INCLUDES = re.compile(rb"\[\s*include", re.IGNORECASE)
_TO_A_REMOTE = frozenset({"push", "fetch", "ls-remote"})
_asked: dict[tuple[Path, ...], tuple[list[object], dict[str, str]]] = {}
"""What was found when git was last asked, by the files, with what tells whether they have changed."""


@dataclass(frozen=True, slots=True)
class _File:
    text: bytes
    known: object


def instead(at: Path, verb: str, listed: Callable[[], bytes]) -> dict[str, str]:
    """What to add to the environment of a git that does `verb` in the directory `at`.

    `listed` asks git for its whole configuration there (`config --list --show-scope --null`), and is called only when
    the repository's files may name a program. A command that is about a remote reaches it as the repository says.
    """
    rows = _INSTEAD if verb in _TO_A_REMOTE else (*_INSTEAD, *_OF_REMOTES)
    found = [(against or name, to) for name in _own(at, listed) for row, against, to in rows if row.fullmatch(name)]
    env: dict[str, str] = {"GIT_CONFIG_COUNT": str(len(found))} if found else {}
    for number, (name, to) in enumerate(found):  # `-c` would take a name with "=" in it for another one
        env |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": to}
    return env


def filters(at: Path, listed: Callable[[], bytes]) -> list[str]:
    """The filters that the repository at `at` configures itself, and that do not run."""
    names = [found[1] for name in _own(at, listed) if (found := _FILTERS.fullmatch(name))]
    return list(dict.fromkeys(names))


def _own(at: Path, listed: Callable[[], bytes]) -> dict[str, str]:
    """The repository's own settings, without those of Git LFS, where one may name a program; else nothing."""
    paths = _files(at)
    files = [_read(path) for path in paths]
    if not any(_SUSPICIOUS.search(file.text) for file in files):
        return {}
    known: list[object] = [file.known for file in files]
    if paths in _asked and _asked[paths][0] == known:
        return _asked[paths][1]
    own: dict[str, str] = {}
    words = os.fsdecode(listed()).split("\0")
    for scope, setting in zip(words[::2], words[1::2], strict=False):
        name, _, value = setting.partition("\n")
        if scope in {"local", "worktree"} and not _LFS.fullmatch(value):
            own[name] = value
    if not any(_INCLUDES.search(file.text) for file in files):  # what is included changes by itself
        _asked[paths] = (known, own)
    return own


def _files(at: Path) -> tuple[Path, ...]:
    """The configuration files of the repository that `at` lies in."""
    with contextlib.suppress(OSError):  # what cannot be looked at here, git cannot use either
        top = next((place for place in (at, *at.parents) if (place / ".git").exists()), None)
        return configuration_files(git_dir_of(top)) if top else ()
    return ()


def _read(path: Path) -> _File:
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            return _File(file.read(), (found.st_ino, found.st_size, found.st_mtime_ns))
    except OSError:
        return _File(b"", None)
