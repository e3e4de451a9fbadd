"""The files of a run: whose they are, who may read them, what is no file of ours, and what was left half-way.

Nothing is followed and nothing is opened that could be a trap: links are named, not read. What an agent keeps in its
private directory (`scratch/`) is its own business.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from orch_tui.core.state import State
from orch_tui.errors import OrchError
from orch_tui.invariants.finding import Finding
from orch_tui.proctable import start_time
from orch_tui.store.files import read_json
from orch_tui.store.layout import RunDir

_MOST = 20
_TEMPORARY = re.compile(r"\..+\.(\d+)\.[0-9a-f]{8}")
_SENDING = re.compile(r".+\.(\d+)\.[0-9a-f]{6}")
_PIPES = frozenset({"bell"})
_OURS_ALONE = 0o077


def of_files(run: RunDir, state: State) -> list[Finding]:
    """What is wrong with the files of a run, and what was left."""
    found: dict[str, list[Finding]] = {}
    for kind, finding in _walk(run.path):
        short = finding.text.replace(f"'{run.path}{os.sep}", "'", 1)
        found.setdefault(kind, []).append(replace(finding, text=short))
    out: list[Finding] = []
    for kind, some in found.items():
        out += some[:_MOST]
        if len(some) > _MOST:
            out.append(Finding(text=f"and {len(some) - _MOST} more {kind}", invariant=some[0].invariant))
    return [*out, *_answered(run, state)]


def _walk(top: Path) -> Iterator[tuple[str, Finding]]:
    work = [top]
    while work:
        directory = work.pop()
        try:
            status = directory.lstat()
            if stat.S_ISLNK(status.st_mode):
                yield "links", _link(directory)
                continue
            yield from _rights(directory, status)
            with os.scandir(directory) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            helps = "check the rights of the directory, and the health of the disk"
            yield "places", Finding(text=f"{str(directory)!r} cannot be read: {error.strerror}", helps=helps)
            continue
        for entry in listed:
            path = directory / entry.name
            try:
                if entry.is_symlink():
                    yield "links", _link(path)
                elif entry.is_dir(follow_symlinks=False):
                    if entry.name != "scratch":
                        work.append(path)
                else:
                    yield from _file(path, entry.stat(follow_symlinks=False))
            except OSError:
                continue  # gone meanwhile


def _file(path: Path, status: os.stat_result) -> Iterator[tuple[str, Finding]]:
    if stat.S_ISFIFO(status.st_mode) and path.name in _PIPES:
        yield from _rights(path, status)
    elif not stat.S_ISREG(status.st_mode):
        helps = "nothing of orch-tui makes such a file; remove it"
        yield "strange files", Finding(text=f"{str(path)!r} is no regular file", helps=helps, invariant="I21")
    else:
        yield from _rights(path, status)
        if status.st_nlink > 1:
            helps = "whoever has the other name can change it: copy it over itself, and look for who linked it"
            text = f"{str(path)!r} has {status.st_nlink} names"
            yield "files with several names", Finding(text=text, helps=helps, invariant="I21", path=str(path))
        if (known := _half_made(path)) and not _alive(int(known[1])):
            text = f"{str(path)!r} was being written by a process that is gone"
            yield "half-written files", Finding(text=text, helps=_FIX, path=str(path), repair="remove")


_FIX = "`orch-tui doctor --fix` puts that right"


def _rights(path: Path, status: os.stat_result) -> Iterator[tuple[str, Finding]]:
    if status.st_uid != os.geteuid():
        text = f"{str(path)!r} belongs to another user (uid {status.st_uid})"
        yield "files of others", Finding(text=text, helps="run as that user, or have it given to you", invariant="I21")
    elif status.st_mode & _OURS_ALONE:
        text = f"{str(path)!r} is open to other users (mode {stat.S_IMODE(status.st_mode):04o})"
        yield "open files", Finding(text=text, helps=_FIX, invariant="I21", path=str(path), repair="private")


def _link(path: Path) -> Finding:
    helps = "nothing of orch-tui makes links here: look where it leads, then remove it"
    return Finding(text=f"{str(path)!r} is a link", helps=helps, invariant="I21")


def _half_made(path: Path) -> re.Match[str] | None:
    if path.parent.name == "tmp" and path.parent.parent.name == "inbox":
        return _SENDING.fullmatch(path.name)
    return _TEMPORARY.fullmatch(path.name)


def _alive(pid: int) -> bool:
    return start_time(pid) is not None


def _answered(run: RunDir, state: State) -> Iterator[Finding]:
    """Commands that still lie in the inbox."""
    try:
        names = sorted(path.name for path in (run.inbox / "new").iterdir())
        bad = sum(1 for _ in (run.inbox / "bad").iterdir()) if (run.inbox / "bad").is_dir() else 0
    except OSError:
        return
    waiting = 0
    for name in names:
        if name.removesuffix(".json") not in state.commands:
            waiting += 1
            continue
        path = str(run.inbox / "new" / name)
        text = f"the command {name.removesuffix('.json')!r} was answered, and its file is still in the inbox"
        yield Finding(text=text, helps=_FIX, path=path, repair="remove")
    if waiting:
        commands = "1 command waits" if waiting == 1 else f"{waiting} commands wait"
        yield Finding(text=f"{commands} in the inbox for a runner", helps="`orch-tui resume` starts one", harmless=True)
    if bad:
        yield Finding(text=f"{bad} files that were no commands lie in {str(run.inbox / 'bad')!r}", harmless=True)


def derived(run: RunDir, state: State) -> Iterator[Finding]:
    """status.json when it cannot be read, or tells of another record than the last; asked while there is no runner."""
    try:
        told = read_json(run.status)
        wrong = "is behind the journal" if told is not None and told.get("seq") != state.seq else ""
    except OrchError as error:
        wrong = f"cannot be read: {error}"
    if wrong:
        helps = "it is derived: the next runner writes it anew"
        yield Finding(text=f"status.json {wrong}", helps=helps, path=str(run.status), repair="rewrite")
