"""`service`: runs go on after the machine was started anew, and whoever's runner died gets another one."""

from __future__ import annotations

import asyncio
import os
import signal

import click

from orch_tui.clean import one_line
from orch_tui.cli import exit_codes
from orch_tui.client import at_boot
from orch_tui.client.keeping import Keeping
from orch_tui.clock import Clock
from orch_tui.directories import state_dir
from orch_tui.errors import OrchError, UserError
from orch_tui.store import files, registry
from orch_tui.store.layout import RunDir
from orch_tui.store.lock import Lock, held, holder

EVERY = 5.0
"""Seconds between two looks at all runs."""
_PRINT = click.option("--print", "shows", is_flag=True, help="Show what would be done, and do nothing.")


@click.group("service", short_help="Keep runs going after the machine was started anew.")
def service() -> None:
    """Runs go on by themselves after a reboot, and when a runner dies while nobody looks on."""


@service.command()
@_PRINT
def install(shows: bool) -> int:
    """Have runs kept going: by a unit of systemd's user manager, or by a line in your crontab.

    May be called again, after an update of orch-tui for instance.
    """
    for line in at_boot.would(os.environ) if shows else at_boot.install(os.environ):
        click.echo(line)
    return exit_codes.DONE


@service.command()
def remove() -> int:
    """Take back what `install` made. Runs that are under way go on."""
    for line in at_boot.remove(os.environ):
        click.echo(line)
    if _end():
        click.echo("ended the service that ran")
    return exit_codes.DONE


@service.command()
def status() -> int:
    """What is installed, whether it is at work, and which runs are not over."""
    for line in at_boot.installed(os.environ):
        click.echo(line)
    click.echo("at work" if held(_lock().path) else "not at work")
    for run in registry.known(os.environ):
        click.echo(f"{run.name}  {_phase(run)}{'' if held(run.lock) else ', no runner'}  {one_line(str(run.root))}")
    return exit_codes.DONE


@service.command()
def run() -> int:
    """Be the service, until a signal: start a runner for each run that is under way and has none."""
    lock = _lock()
    lock.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not lock.acquire({"pid": os.getpid()}):
        raise UserError("the service is at work already")
    try:
        asyncio.run(_keep())
    finally:
        lock.release()
    return exit_codes.DONE


async def _keep() -> None:
    ended = asyncio.Event()
    for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(sig, ended.set)
    keeping = Keeping(os.environ, lambda words: click.echo(one_line(words, 1000)), clock=Clock())
    while not ended.is_set():
        await asyncio.to_thread(keeping.look)
        try:
            async with asyncio.timeout(EVERY):
                await ended.wait()
        except TimeoutError:
            continue


def _lock() -> Lock:
    return Lock(state_dir(os.environ) / "service.lock")


def _end() -> bool:
    """End the service that is at work, whoever started it; it holds its lock for life."""
    lock = _lock().path
    pid = (holder(lock) or {}).get("pid")
    if not held(lock) or not isinstance(pid, int):
        return False
    os.kill(pid, signal.SIGTERM)
    return True


def _phase(run: RunDir) -> str:
    try:
        return str((files.read_json(run.status) or {}).get("phase", "?"))
    except OrchError:
        return "?"


COMMANDS = (service,)
