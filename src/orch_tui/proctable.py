"""The table of processes: who is there, since when, whose child, and with what in its environment. It only looks."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ctypes

TICKS = os.sysconf("SC_CLK_TCK")
"""Parts of a second that start times are told in."""
_LINUX = sys.platform == "linux"
_ENDED = (b"Z", b"X")


def start_time(pid: int) -> float | None:
    """When the process started: seconds since boot on Linux, since the epoch elsewhere; None when there is none.

    Together with the pid (and the boot) it names a process for good; pids alone are used again. A zombie is None.
    """
    if not _LINUX:
        return _psutil_start_time(pid)
    fields = _stat(pid)
    return None if fields is None or fields[0] in _ENDED else int(fields[19]) / TICKS


def holding(entry: str) -> list[int]:
    """Pids of our own user's processes whose environment holds exactly `entry` ("NAME=value"), zombies excluded."""
    return _linux_holding(entry) if _LINUX else _psutil_holding(entry)


def marked_with(name: str) -> dict[int, str]:
    """Our own user's processes whose environment has the variable `name`: pid -> its value, zombies excluded."""
    return _linux_marked_with(name) if _LINUX else _psutil_marked_with(name)


def children(*, ended: bool = False) -> list[int]:
    """Pids of the children of this process that live, adopted ones too; with `ended` the zombies among them instead.

    Linux only, and [] where the kernel does not tell (it tells of the main thread, to which orphans go).
    """
    me = os.getpid()
    try:
        listed = Path(f"/proc/{me}/task/{me}/children").read_bytes().split()
    except OSError:
        return []
    stats = {int(pid): _stat(int(pid)) for pid in listed}
    return [pid for pid, fields in stats.items() if fields is not None and (fields[0] in _ENDED) is ended]


def below(pids: Iterable[int]) -> set[int]:
    """Pids of our own user's processes that descend from `pids`, none where nobody can tell."""
    offspring = _linux_offspring if _LINUX else _psutil_offspring
    found: set[int] = set()
    ahead = list(pids)
    while ahead:
        new = offspring(ahead.pop()) - found
        found |= new
        ahead += new
    return found


def called(name: str) -> dict[int, float]:
    """Our own user's processes whose program's name begins so, zombies and daemons apart: pid and start time."""
    found: dict[int, float] = {}
    for pid in _linux_called(name) if _LINUX else _psutil_called(name):
        start = start_time(pid)
        if start is not None:
            found[pid] = start
    return found


def processor_seconds(pids: Iterable[int]) -> float:
    """The processor's time that these processes have had so far. Who is gone has had none; on Linux only."""
    if not _LINUX:
        return 0.0
    every = (fields for pid in pids if (fields := _stat(pid)) is not None)
    return sum(int(fields[11]) + int(fields[12]) for fields in every) / TICKS


@cache
def libc() -> ctypes.CDLL | None:
    """The C library, for what Python has no call for; None where it is not Linux's. Slow the first time."""
    import ctypes

    return ctypes.CDLL(None, use_errno=True) if _LINUX else None


def _stat(pid: int) -> list[bytes] | None:
    """Fields 3 and on of /proc/<pid>/stat (proc(5)); the name in field 2 may hold spaces and parentheses."""
    try:
        return _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def _linux_holding(entry: str) -> list[int]:
    wanted = b"\0" + os.fsencode(entry) + b"\0"
    own = os.geteuid()
    found: list[int] = []
    with os.scandir("/proc") as processes:
        for process in processes:
            if not process.name.isdigit():
                continue
            try:
                if process.stat().st_uid == own and wanted in b"\0" + _read(f"/proc/{process.name}/environ") + b"\0":
                    found.append(int(process.name))
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue  # gone meanwhile, or not ours to look into
    return found


def _linux_marked_with(name: str) -> dict[int, str]:
    wanted, own = os.fsencode(name) + b"=", os.geteuid()
    found: dict[int, str] = {}
    for process in Path("/proc").iterdir():
        try:
            if not process.name.isdigit() or process.stat().st_uid != own:
                continue
            for entry in _read(f"/proc/{process.name}/environ").split(b"\0"):
                if entry.startswith(wanted):
                    found[int(process.name)] = os.fsdecode(entry.removeprefix(wanted))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue  # gone meanwhile, or not ours to look into
    return found


def _linux_offspring(pid: int) -> set[int]:
    """The living children of all threads of a process, where the kernel tells (CONFIG_PROC_CHILDREN)."""
    listed: list[bytes] = []
    with contextlib.suppress(OSError):  # gone meanwhile, or nothing is told
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            listed += children.read_bytes().split()
    return {child for child in map(int, listed) if _ours(child)}


def _linux_called(name: str) -> list[int]:
    found: list[int] = []
    for pid in (int(process.name) for process in Path("/proc").iterdir() if process.name.isdigit()):
        with contextlib.suppress(OSError):
            if _read(f"/proc/{pid}/comm").startswith(name.encode()) and _ours(pid):
                found += [pid] * (b"daemon" not in _read(f"/proc/{pid}/cmdline"))
    return found


def _ours(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}").stat().st_uid == os.geteuid() and start_time(pid) is not None
    except OSError:
        return False


def _read(path: str) -> bytes:
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)  # a scan opens hundreds of them
    try:
        data = b""
        while part := os.read(file, 1 << 17):
            data += part
        return data
    finally:
        os.close(file)


def _psutil_start_time(pid: int) -> float | None:
    import psutil

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.NoSuchProcess:
        return None


def _psutil_holding(entry: str) -> list[int]:
    import psutil

    name, _, value = entry.partition("=")
    found: list[int] = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.uids().effective == os.geteuid() and process.environ().get(name) == value:
                found.append(process.pid)
    return found


def _psutil_called(name: str) -> list[int]:
    import psutil

    found: list[int] = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.uids().effective == os.geteuid() and process.name().startswith(name):
                found += [process.pid] * ("daemon" not in " ".join(process.cmdline()))
    return found


def _psutil_marked_with(name: str) -> dict[int, str]:
    import psutil

    found: dict[int, str] = {}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.uids().effective == os.geteuid() and name in (environment := process.environ()):
                found[process.pid] = environment[name]
    return found


def _psutil_offspring(pid: int) -> set[int]:
    import psutil

    try:
        children = psutil.Process(pid).children()
    except psutil.Error:
        return set()
    return {child.pid for child in children if start_time(child.pid) is not None}
