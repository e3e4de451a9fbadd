"""Setting up a worktree before anybody works in it: the commands, and what they made for others like it.

What `worktree.cache` names is kept by a key: a hash of the commands and of the files that `worktree.cache_key` names.
A worktree with the same key gets a copy and nothing is run. Copies, not hard links: sessions write what they like, and
one must not change what another one uses; where the file system can, they share blocks until then.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shlex
import shutil
import stat
import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

from orch_tui.clock import Clock
from orch_tui.engine.checks import command_block
from orch_tui.engine.todo import Todo
from orch_tui.git.duplicating import Allowance, copy_tree, parent_of
from orch_tui.store.layout import private_dir
from orch_tui.worktree_settings import WorktreeSettings

MOST_FILES = 300_000
MOST_BYTES = 8 * 1024**3
MOST_KEPT = 5
"""Keys of one repository; those used longest ago are removed."""
_LARGEST_KEY = 64 * 1024 * 1024
_ABANDONED = 86_400.0  # seconds after which what was never finished is removed


def preparation(settings: WorktreeSettings, tree: Path, kept: Path) -> Todo:
    """What sets up the worktree `tree`: the commands, or word of what was taken over from below `kept`."""
    taken = _taken_over(settings, tree, kept)
    if taken:
        same = f"{', '.join(taken)} as an earlier worktree made it: {', '.join(settings.cache_key)} says the same"
        blocks = (command_block(f"echo {shlex.quote(same)}"),)
    else:
        blocks = tuple(command_block(f"exec 2>&1\n{command}") for command in settings.setup)
    return Todo(brief="".join(block.text for block in blocks), blocks=blocks)


def then(first: Todo, todo: Todo) -> Todo:
    """Two things to do, one after the other."""
    return replace(todo, brief=first.brief + todo.brief, blocks=(*first.blocks, *todo.blocks))


def keep(settings: WorktreeSettings, tree: Path, kept: Path) -> str:
    """Keep what setting up `tree` made, for others; returns "" or, for a person, why it is not kept."""
    key = key_of(settings, tree)
    if not key or (kept / key).exists():
        return ""
    private_dir(kept)
    unfinished = Path(tempfile.mkdtemp(dir=kept, prefix="."))
    allowed = Allowance(files=MOST_FILES, bytes=MOST_BYTES)
    try:
        found = [copy_tree(tree, unfinished, path, allowed) for path in settings.cache]
        if not any(found):
            return f"{', '.join(settings.cache)}: not there after setup, or not ignored by git, so it is not kept"
        with contextlib.suppress(OSError):  # another one was first
            unfinished.rename(kept / key)
    except OSError as error:
        return f"what setup made is not kept for other worktrees: {error.strerror or error}"
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        _forget(kept)
    return ""


def _taken_over(settings: WorktreeSettings, tree: Path, kept: Path) -> tuple[str, ...]:
    """What of the cache is in `tree` now; () when it has to be made."""
    key = key_of(settings, tree)
    if not key or not (kept / key).is_dir():
        return ()
    allowed = Allowance(files=MOST_FILES, bytes=MOST_BYTES)
    done: list[str] = []
    for path in settings.cache:
        if not os.path.lexists(kept / key / path):
            continue
        if os.path.lexists(tree / path):
            return ()  # somebody works here already
        try:
            done += [path] if copy_tree(kept / key, tree, path, allowed) else []
        except OSError:  # it was removed meanwhile, or the disk is full: it is made anew, or fails with words
            for one in (*done, path):
                shutil.rmtree(tree / one, ignore_errors=True)
            return ()
    with contextlib.suppress(OSError):
        os.utime(kept / key)
    return tuple(done)


def key_of(settings: WorktreeSettings, tree: Path) -> str:
    """The name under which what is made in `tree` is kept; "" when nothing is."""
    if not (settings.cache and settings.cache_key):
        return ""
    digest = hashlib.sha256(repr((settings.setup, settings.cache)).encode())
    for path in settings.cache_key:
        try:
            content = _content(tree, path)
        except OSError:
            return ""
        digest.update(f"{path}\0{hashlib.sha256(content).hexdigest()}\0".encode())
    return digest.hexdigest()


def _content(tree: Path, path: str) -> bytes:
    with parent_of(tree, path) as here:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        with os.fdopen(os.open(PurePosixPath(path).name, flags, dir_fd=here), "rb") as file:
            known = os.fstat(file.fileno())
            if not stat.S_ISREG(known.st_mode) or known.st_size > _LARGEST_KEY:
                raise OSError(f"{path!r} is no file to take a key from")
            return file.read(_LARGEST_KEY)


def _forget(kept: Path) -> None:
    """Remove what was used longest ago, and what was begun and never finished."""
    with contextlib.suppress(OSError):
        aged = sorted(((path.stat().st_mtime, path) for path in kept.iterdir()), reverse=True)
        now = Clock().wall()
        finished = [path for _, path in aged if not path.name.startswith(".")]
        stale = [path for at, path in aged if path.name.startswith(".") and now - at > _ABANDONED]
        for path in (*finished[MOST_KEPT:], *stale):
            shutil.rmtree(path, ignore_errors=True)
