"""`orch-tui validate`: have a second reader look over the graph of a run in review, and show what it proposes."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from orch_tui.clean import one_line
from orch_tui.cli import exit_codes, finding
from orch_tui.cli.headless import PATIENCE
from orch_tui.cli.opening import opened
from orch_tui.cli.options import DIRECTORY, RUN
from orch_tui.cli.sending import refuse_damage
from orch_tui.cli.terminal import terminal
from orch_tui.cli.text import proposal_lines
from orch_tui.client.follow import Follower
from orch_tui.client.plan_file import read_bytes
from orch_tui.client.proposals import ProposalRow, ValidationRow, proposals, validation
from orch_tui.client.reviving import Reviving
from orch_tui.client.send import outcome, revive, send, whoami
from orch_tui.core.edition import Validation
from orch_tui.core.state import Phase
from orch_tui.errors import UserError
from orch_tui.store.layout import RunDir

LOOK = 0.2  # seconds between looks when no wake-up comes


@click.command(short_help="Let a second reader look over the graph.")
@click.argument("plan", type=click.Path(path_type=Path), required=False)
@RUN
@DIRECTORY
@click.option(
    "--prd", type=click.Path(path_type=Path), default=None, help="What is wanted, for comparison: a text file."
)
@click.option("--provider", default="", metavar="WAY", help="anthropic, claude or codex (default: the first there is).")
@click.option("--model", default="", help="Model to ask (default: a cheap one).")
@click.option("--yes", is_flag=True, help="Also at a cost above the limit, or one nobody knows.")
@click.option("--json", "as_json_", is_flag=True, help="The answer as JSON.")
def validate(
    plan: Path | None,
    run_name: str,
    directory: Path | None,
    prd: Path | None,
    provider: str,
    model: str,
    yes: bool,
    as_json_: bool,
) -> int:
    """Let a second reader, a cheap model, look over the graph of PLAN in one call, and show what it proposes.

    PLAN gets its run, which waits for your approval, as with `orch-tui PLAN`; the proposals are kept in its review.
    Nothing is changed. Exit codes: 0 answered, 1 no answer, 10 it needs your word (--yes) because of what it may cost.
    """
    args: dict[str, object] = {"provider": provider, "model": model, "prd": _prd_path(prd), "confirm": yes}
    run = opened(plan, directory, {}) if plan else finding.unfinished(run_name, directory)
    try:
        return asyncio.run(_validate(run, args, as_json=as_json_))
    except KeyboardInterrupt:
        words = "the second reader goes on; its proposals will be in the review"
        click.echo(f"orch-tui: {words}: orch-tui status {finding.reference(run)}", err=True)
        return exit_codes.INTERRUPTED


def _prd_path(prd: Path | None) -> str:
    """The absolute path of a PRD, "" for none. Raises UserError when it cannot be read."""
    if prd is None:
        return ""
    if not prd.is_file():
        raise UserError(f"no such file: {str(prd)!r}", hint="--prd names a text file")
    return str(prd.resolve())


async def _validate(run: RunDir, args: dict[str, object], *, as_json: bool) -> int:
    follower = Follower(run)
    try:
        follower.catch_up()
        await _read_again(follower)
        last = await _asked(follower, args, as_json=as_json)
        if last.outcome == "limit" and not args["confirm"] and _agreed(last, as_json=as_json):
            last = await _asked(follower, {**args, "confirm": True}, as_json=as_json)
        row = validation(follower.state)
        assert row is not None, "it was just asked"
        here = [one for one in proposals(follower.state) if one.id in last.proposals]
        if as_json:
            click.echo(json.dumps(_as_json(run, last, here), ensure_ascii=True, indent=1))
        else:
            for line in _lines(run, row, here):
                click.echo(line)
        return _code(last)
    finally:
        follower.close()


async def _read_again(follower: Follower) -> None:
    """A plan in review that was edited since is read again: the answer shall be about what it says now."""
    state = follower.state
    if state.phase is not Phase.REVIEW or not Path(state.plan_path).is_file():
        return
    now = hashlib.sha256(read_bytes(Path(state.plan_path))).hexdigest()
    if now != state.plan_sha:
        await _sent(follower, "revise", {"plan_sha": now})


async def _sent(follower: Follower, op: str, args: dict[str, object]) -> None:
    refuse_damage(follower)
    reason = await outcome(follower, send(follower.run, op, args, actor=whoami()))
    if reason:
        raise UserError(f"refused: {one_line(reason, 500)}")


async def _asked(follower: Follower, args: dict[str, object], *, as_json: bool) -> Validation:
    """Ask and wait for the end, telling what goes on."""
    await _sent(follower, "validate", args)
    asked, told, reviving = follower.state.validation, "", Reviving(PATIENCE)
    assert asked is not None, "the command was accepted"
    while True:
        last = follower.state.validation
        if last is None or last.number != asked.number:
            raise UserError("somebody else asked the second reader meanwhile", hint="look at the review")
        if last.notice != told:
            told = last.notice
            click.echo(f"second reader: {one_line(told, 500)}", err=as_json)
        if last.outcome:
            return last
        refuse_damage(follower)
        await follower.wait(LOOK)
        follower.catch_up()
        revive(follower, reviving, wanted=True)  # another one settles what its predecessor left


def _agreed(last: Validation, *, as_json: bool) -> bool:
    if as_json or not terminal():
        return False
    return click.confirm(f"{one_line(last.message, 500)}\nAsk all the same?", default=False)


def _lines(run: RunDir, row: ValidationRow, here: list[ProposalRow]) -> Iterator[str]:
    if row.detail:
        yield f"{row.words}: {row.detail}"
        if row.can_confirm:
            yield "ask all the same with --yes"
    elif not here:
        yield f"{row.words}: it would change nothing"
    for one in here:
        first, *more = proposal_lines(one)
        yield f"{one.id}  {first}"
        yield from (f"      {line}" for line in more)
    if row.thrown:
        yield f"thrown out: {'; '.join(row.thrown)}"
    yield ", ".join(part for part in (row.reader, row.cost) if part)
    if here:
        yield f"nothing is changed yet; then: orch-tui proposals accept ID {finding.reference(run)}  (or dismiss)"


def _as_json(run: RunDir, last: Validation, here: list[ProposalRow]) -> dict[str, object]:
    return {
        "run": run.name,
        "outcome": last.outcome,
        "message": last.message,
        "provider": last.provider,
        "model": last.model,
        "cost_usd": last.cost_usd,
        "estimate_usd": last.estimate_usd,
        "input_tokens": last.input_tokens,
        "output_tokens": last.output_tokens,
        "question": last.question_sha,
        "answer": last.answer_sha,
        "thrown": last.thrown,
        "proposals": [asdict(one) for one in here],
    }


def _code(last: Validation) -> int:
    if last.outcome == "ok":
        return exit_codes.DONE
    return exit_codes.NEEDS_HUMAN if last.outcome == "limit" else exit_codes.ERROR


COMMANDS = (validate,)
