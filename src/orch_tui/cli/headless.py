"""A run without the cockpit: events as lines of text until it is over or only a person can bring it forward."""

from __future__ import annotations

import asyncio
import hashlib
import shlex
from pathlib import Path

import click

from orch_tui.clean import one_line
from orch_tui.cli import exit_codes, finding
from orch_tui.cli.sending import asked, refuse_damage
from orch_tui.cli.text import advice_lines, ask_lines, event_line, finding_line, status_lines, summary_lines
from orch_tui.client.follow import Follower
from orch_tui.client.launch import plan_changed
from orch_tui.client.plan_file import read_bytes
from orch_tui.client.reviving import Reviving, under_way
from orch_tui.client.send import ensure_runner, revive
from orch_tui.client.unchecked import words
from orch_tui.core import rules
from orch_tui.core.state import OVER, Phase
from orch_tui.errors import StateError
from orch_tui.store import files
from orch_tui.store.layout import RunDir

LOOK = 0.2  # seconds between looks when no wake-up comes
QUIET = 1.0  # seconds nothing may happen before "needs a human" is believed
PATIENCE = 1.0  # seconds without a runner after which another one is started
LEAVING = 10.0  # seconds the runner of a finished run gets to tidy up and leave


def run_headless(run: RunDir, *, approved: bool) -> int:
    """Follow `run` as text, approving it first when `approved`; returns the exit code.

    The run does not end with its reader: an interrupt or a closed pipe only detaches.
    """
    try:
        return asyncio.run(_headless(run, approved=approved))
    except KeyboardInterrupt:
        click.echo(_detached(run), err=True)
        return exit_codes.INTERRUPTED
    except BrokenPipeError:
        click.echo(_detached(run), err=True)
        raise


async def approve_as_read(run: RunDir) -> None:
    """Approve the plan as its file reads now, unless it is approved already. Raises UserError when that is refused."""
    follower = Follower(run)
    try:
        follower.catch_up()
        if follower.state.phase is not Phase.REVIEW:
            return
        path = Path(follower.state.plan_path)
        now = hashlib.sha256(read_bytes(path)).hexdigest()
        if now != follower.state.plan_sha:
            await asked(follower, "revise", {"plan_sha": now})
        state = follower.state
        await asked(follower, "approve", {"plan_sha": state.plan_sha, "graph_sha": state.graph_sha})
    finally:
        follower.close()


async def _headless(run: RunDir, *, approved: bool) -> int:
    follower = Follower(run)
    try:
        follower.catch_up()
        _introduce(follower)
        if approved:
            await approve_as_read(run)
        if follower.state.phase is Phase.STOPPED:
            await asked(follower, "resume", {})
        ensure_runner(run)
        return await _follow(follower)
    finally:
        follower.close()


def _introduce(follower: Follower) -> None:
    """Say which run this is, where it stands when it is under way, and what one should know before it starts."""
    state = follower.state
    click.echo(f"run {follower.run.name}  ({follower.run.path})")
    if state.phase is Phase.REVIEW:
        for found in state.findings:
            click.echo(f"note: {finding_line(found)}")
    elif not follower.damage:
        for line in (*status_lines(follower), *ask_lines(state, finding.reference(follower.run))):
            click.echo(line)
    changed = plan_changed(state) if state.phase is Phase.REVIEW else ""  # status lines say it themselves
    for notice in (changed, *state.notices):
        if notice:
            click.echo(f"note: {one_line(notice, 500)}")
    if state.phase is Phase.REVIEW and state.edition is not None and (asking := words(state.edition, state.sections)):
        click.echo(f"note: {asking}", err=True)


async def _follow(follower: Follower) -> int:
    quiet, reviving = 0.0, Reviving(PATIENCE)
    while True:
        news = follower.poll()
        for seen in news:
            line = event_line(seen, follower.state)
            if line:
                click.echo(line)
        refuse_damage(follower)
        state = follower.state
        if state.phase in OVER:
            return await _over(follower)
        quiet = 0.0 if news or not rules.needs_human(state) else quiet + LOOK
        if quiet >= QUIET:
            return _needs_human(follower)
        revive(follower, reviving, wanted=under_way(state))
        await follower.wait(LOOK)


async def _over(follower: Follower) -> int:
    """Summary and exit code of a finished run, once its files say so too and its runner has left."""
    state = follower.state
    for line in summary_lines(state, follower.run):
        click.echo(line)
    await _left(follower)
    if not _says_so(follower):
        raise StateError(
            f"the run is {state.phase.value}, but {str(follower.run.status)!r} does not say so",
            hint=f"look at {str(follower.run.log)!r}",
        )
    match state.phase:
        case Phase.DONE:
            return exit_codes.DONE
        case Phase.CANCELLED:
            return exit_codes.CANCELLED
        case _:
            return exit_codes.ERROR


async def _left(follower: Follower) -> None:
    """Wait until the runner has left. One that was killed before it told the end is followed by another, which does."""
    loop = asyncio.get_running_loop()
    until = loop.time() + LEAVING
    reviving = Reviving(PATIENCE)
    while loop.time() < until:
        if not follower.runner_alive():
            if _says_so(follower):
                return
            revive(follower, reviving, wanted=True)
        await follower.wait(LOOK / 10)


def _says_so(follower: Follower) -> bool:
    told = files.read_json(follower.run.status) or {}
    return told.get("phase") == follower.state.phase.value


def _needs_human(follower: Follower) -> int:
    state = follower.state
    for line in (*summary_lines(state, follower.run), *advice_lines(state, finding.reference(follower.run))):
        click.echo(line)
    cycle = any(found.type == "cycle" for found in state.findings)
    return exit_codes.ERROR if state.phase is Phase.REVIEW and cycle else exit_codes.NEEDS_HUMAN


def _detached(run: RunDir) -> str:
    """What goes on without its reader, and how to come back."""
    follower = Follower(run)
    follower.catch_up()
    state = follower.state
    plan, which = shlex.quote(one_line(state.plan_path, 2000)), finding.reference(run)
    if state.phase in {Phase.NEW, Phase.REVIEW}:
        return f"nothing runs, the plan is not approved; come back: orch-tui run {plan} --headless"
    return f"detached, the run goes on; come back: orch-tui run {plan} --headless; end it: orch-tui stop {which}"
