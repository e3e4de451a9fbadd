"""What orch-tui needs of a machine, looked at without a run: programs, the disk, the terminal, what ends a runner."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import stat
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from orch_tui import __version__
from orch_tui.agents import registry
from orch_tui.config import Config, load
from orch_tui.directories import state_dir
from orch_tui.environment import allowed_env
from orch_tui.errors import OrchError
from orch_tui.git.command import check_version
from orch_tui.store import layout
from orch_tui.store.shared_disks import file_system, refuse_shared

LITTLE = 5 << 30  # bytes of free space below which a night of agents may fill the disk
LEAST = 1 << 30  # bytes below which it will
_LINGERING = Path("/var/lib/systemd/linger")
_LOGIND = Path("/run/systemd/seats")
_SETTINGS = (Path("/etc/systemd/logind.conf"), Path("/etc/systemd/logind.conf.d"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at. `missing` means that nothing runs without it, `note` that it is worth knowing."""

    name: str
    says: str
    verdict: Literal["good", "note", "missing"] = "good"
    helps: str = ""


def look_around(root: Path, env: Mapping[str, str] = os.environ) -> Iterator[Check]:
    """Everything that is looked at for a project at `root`; `env` is the environment. Raises for nothing."""
    yield Check(name="orch-tui", says=f"{__version__}, Python {platform.python_version()} on {platform.system()}")
    yield _git()
    config = Config()
    try:
        config = load(root, env)
    except OrchError as error:
        yield Check(name="settings", says=str(error), verdict="missing", helps=error.hint)
    yield from _agents(config, env)
    yield _terminal(env)
    yield from _disks(root, env)
    yield from _lingering(env)


def _git() -> Check:
    try:
        major, minor = check_version()
    except OrchError as error:
        return Check(name="git", says=str(error), verdict="note", helps=error.hint or "install git")
    return Check(name="git", says=f"{major}.{minor}")


def _agents(config: Config, env: Mapping[str, str]) -> Iterator[Check]:
    for name in registry.names():
        try:
            provider = registry.load(name)
            allowed = allowed_env(env, (*provider.passes, *config.env_pass))
            problem = provider.check(allowed, dict(config.agents.get(name, {})))
        except OrchError as error:
            problem = error.line()
        if problem:
            yield Check(name=f"agent {name}", says=problem, verdict="missing" if name == config.agent else "note")
        else:
            yield Check(name=f"agent {name}", says="is set up")


def _terminal(env: Mapping[str, str]) -> Check:
    term = env.get("TERM", "")
    if not (sys.stdout and sys.stdout.isatty()) or term in {"", "dumb"}:
        return Check(name="terminal", says="none here: the cockpit needs one, `orch-tui run --headless` does not")
    columns, rows = shutil.get_terminal_size()
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding != "utf8":
        helps = "set LANG to a UTF-8 locale, or PYTHONUTF8=1"
        return Check(name="terminal", says=f"{term}, not UTF-8 ({encoding})", verdict="note", helps=helps)
    return Check(name="terminal", says=f"{term}, {columns} by {rows}")


def _disks(root: Path, env: Mapping[str, str]) -> Iterator[Check]:
    places = (("state", layout.state_dir(root)), ("worktrees", state_dir(env)))
    for name, path in places:
        there = next((one for one in (path, *path.parents) if one.exists()), Path("/"))
        kind = file_system(there) or "of a kind that is not known"
        try:
            free = shutil.disk_usage(there).free
        except OSError as error:
            yield Check(name=name, says=f"{str(path)!r}: {error.strerror}", verdict="missing")
            continue
        says = f"{str(path)!r} on {kind}, {free / (1 << 30):.1f} GiB free"
        try:
            refuse_shared(there)
        except OrchError as error:
            yield Check(name=name, says=str(error), verdict="missing" if name == "state" else "note", helps=error.hint)
            continue
        if not os.access(there, os.W_OK):
            helps = "runs can be looked at and not carried out"
            yield Check(name=name, says=f"{says}, and you may not write there", verdict="missing", helps=helps)
        elif name == "state" and _anybodys(path.parent):
            helps = f"`chmod o-w {shlex.quote(str(path.parent))}`, or `chmod +t` where everybody has files there"
            says = f"{str(path.parent)!r} can be written by every user: anybody can put another .orch in its place"
            yield Check(name=name, says=says, verdict="note", helps=helps)
        elif free < LITTLE:
            helps = "`orch-tui gc` shows what finished runs can let go"
            yield Check(name=name, says=says, verdict="missing" if free < LEAST else "note", helps=helps)
        else:
            yield Check(name=name, says=says)


def _anybodys(directory: Path) -> bool:
    """Whether every user can rename what is in a directory. Groups are no matter: private ones are usual."""
    mode = directory.stat().st_mode
    return bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX


def _lingering(env: Mapping[str, str]) -> Iterator[Check]:
    """Whether logind ends a runner when its user logs out."""
    user = env.get("USER") or env.get("LOGNAME") or ""
    if not _LOGIND.exists() or not user:
        return
    if (_LINGERING / user).exists():
        yield Check(name="logout", says="runners outlive it: lingering is on")
        return
    kills = any(_kills(file) for place in _SETTINGS for file in (place, *place.glob("*.conf")) if file.is_file())
    if kills:
        helps = "`loginctl enable-linger` lets them live"
        yield Check(name="logout", says="it ends runners: logind kills what users leave", verdict="note", helps=helps)
    else:
        yield Check(name="logout", says="runners outlive it")


def _kills(file: Path) -> bool:
    try:
        lines = file.read_text(errors="replace").splitlines()
    except OSError:
        return False
    said = [line.partition("=")[2].strip().lower() for line in lines if line.strip().startswith("KillUserProcesses=")]
    return said[-1:] in (["yes"], ["true"], ["1"], ["on"])
