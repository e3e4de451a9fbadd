"""`orch-tui query`: status.json of a run on standard output, as fast as a process can start.

Only what reads and prints a file is imported here; `status --json` comes here as well.
"""

from __future__ import annotations

import os
import stat
import sys

USAGE = "usage: orch-tui query [PLAN] [--run NAME] [-C DIR]"
_VALUED = {"--run": "run", "-C": "directory"}


def query(arguments: list[str]) -> int:
    """Print the status of the newest run (of PLAN when given). Returns 1 when there is none, 141 when nobody reads."""
    try:
        given = _given(arguments)
        found = _find(given)
    except (_Wrong, OSError) as error:
        return _complain(str(error))
    try:
        _write(found + b"\n")
    except BrokenPipeError:
        return 141
    except OSError as error:
        return _complain(f"cannot write the answer: {error.strerror}")
    return 0


class _Wrong(Exception):
    """What is wrong, and what would help."""


def _given(arguments: list[str]) -> dict[str, str]:
    """PLAN and options by name; "" for what is not given."""
    given = {"plan": "", "run": "", "directory": ""}
    words = iter(arguments)
    for word in words:
        option, equals, value = word.partition("=")
        if option in _VALUED:
            value = value if equals else next(words, "")
            if not value:
                raise _Wrong(f"{option} needs a value; {USAGE}")
            given[_VALUED[option]] = value
        elif word.startswith("-C") and len(word) > 2:
            given["directory"] = word[2:]
        elif word == "--json":
            continue
        elif word.startswith("-") or given["plan"]:
            raise _Wrong(f"unknown argument {word!r}; {USAGE}")
        else:
            given["plan"] = word
    return given


def _find(given: dict[str, str]) -> bytes:
    plan = os.path.realpath(given["plan"]) if given["plan"] else ""
    start = os.path.realpath(given["directory"]) if given["directory"] else os.path.dirname(plan) or os.getcwd()
    base = _runs(start)
    if base is None:
        raise _Wrong(f"no runs here: no .orch in {start!r} or above it (start one with `orch-tui PLAN`)")
    found = _newest(base, given["run"], plan)
    if not found:
        wanted = f"called {given['run']!r}" if given["run"] else f"of {given['plan']!r}" if plan else "yet"
        raise _Wrong(f"no run {wanted} in {base!r} (start one with `orch-tui PLAN`)")
    return found


def _runs(start: str) -> str | None:
    here = start
    while True:
        base = os.path.join(here, ".orch", "runs")
        if os.path.isdir(base):
            return base
        parent = os.path.dirname(here)
        if parent == here:
            return None
        here = parent


def _newest(base: str, run: str, plan: str) -> bytes:
    """status.json of the wanted run; the newest one when it is not named."""
    names = os.listdir(base)
    files: list[tuple[int, str]] = []
    for name in names if not run else [run] if run in names else []:
        path = os.path.join(base, name, "status.json")
        try:
            files.append((os.stat(path).st_mtime_ns, path))
        except OSError:
            continue
    for _, path in sorted(files, reverse=True):
        data = _read(path)
        if data and (not plan or _is_of(data, plan)):
            return data
    return b""


def _read(path: str) -> bytes:
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(file, "rb") as opened:
            return opened.read() if stat.S_ISREG(os.fstat(file).st_mode) else b""
    except OSError:
        return b""


def _is_of(status: bytes, plan: str) -> bool:
    import json

    try:
        return json.loads(status).get("plan") == plan
    except (ValueError, AttributeError):
        return False


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]


def _complain(words: str) -> int:
    if sys.stderr is not None:  # pyright: ignore[reportUnnecessaryComparison] - it is None when it was closed
        sys.stderr.write(f"orch-tui: {''.join(c if c.isprintable() else '?' for c in words)}\n")
    return 1
