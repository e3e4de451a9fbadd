"""`doctor`: what is wrong with the machine and with the runs of a project; with --fix what is safe is put right."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orch_tui.clean import one_line
from orch_tui.cli import exit_codes, finding
from orch_tui.cli.options import DIRECTORY, JSON
from orch_tui.errors import UserError
from orch_tui.store import layout
from orch_tui.store.layout import RunDir

if TYPE_CHECKING:
    from orch_tui.client.doctor import Check, Examined, Finding

_LONG = 1000
_MARKS = {"good": "ok", "note": "note", "missing": "wrong"}


@click.command("doctor", short_help="Look for what is wrong, and put right what is safe.")
@click.argument("what", metavar="[RUN|PLAN]", default="")
@DIRECTORY
@click.option("--fix", is_flag=True, help="Put right what is safe, of runs that no runner is at work on.")
@JSON
def doctor(what: str, directory: Path | None, *, fix: bool, as_json: bool) -> int:
    """Look at the machine, and at every run of the project (RUN by name, or those of PLAN): its journal, its files, its
    processes, its worktrees and branches. Without --fix nothing is changed.

    --fix cuts torn ends off journals (they are kept in quarantine/), throws away what is derived, ends processes of
    attempts that are over, saves what leftover worktrees hold to refs/orch/rescue/ and removes them, and removes
    leftover files and locks. A damaged journal is never touched: what can still be read of it is shown.

    Exit code 0 when all is well, 10 when something is left that --fix or the next runner puts right, 1 when something
    is wrong.
    """
    from orch_tui.client.doctor import examine, look_around, mend

    start = (directory or Path()).resolve()
    checks = list(look_around(layout.find_root(start) or start))
    examined = [mend(run) if fix else examine(run) for run in _runs(what, directory)]
    if as_json:
        told = {"machine": [_check(one) for one in checks], "runs": [_run(one) for one in examined]}
        click.echo(json.dumps(told, ensure_ascii=True, indent=1))
    else:
        for line in _lines(checks, examined):
            click.echo(line)
    return _code(checks, examined)


def _runs(what: str, directory: Path | None) -> list[RunDir]:
    if not what:
        root = layout.find_root((directory or Path()).resolve())
        return layout.runs(root) if root else []
    plan = Path(what)
    if plan.is_file():
        return finding.every("", directory, plan)
    if "/" in what or plan.suffix:
        raise UserError(f"there is no plan {what!r}", hint="name a run, or nothing for all of them")
    return finding.every(what, directory)


def _code(checks: Sequence[Check], examined: Sequence[Examined]) -> int:
    from orch_tui.client.doctor import verdict

    verdicts = {verdict(one) for one in examined}
    if "wrong" in verdicts or any(one.verdict == "missing" for one in checks):
        return exit_codes.ERROR
    return exit_codes.NEEDS_HUMAN if "left over" in verdicts else exit_codes.DONE


def _lines(checks: Sequence[Check], examined: Sequence[Examined]) -> Iterator[str]:
    yield "machine"
    for one in checks:
        yield f"  {_MARKS[one.verdict]:<6} {one.name}: {one_line(one.says, _LONG)}"
        if one.helps:
            yield f"         {one_line(one.helps, _LONG)}"
    if not examined:
        yield "no runs here"
    for one in examined:
        yield from _of_run(one)


def _of_run(one: Examined) -> Iterator[str]:
    from orch_tui.client.doctor import verdict

    said = {
        "wrong": "something is wrong",
        "left over": "nothing is wrong, something is left over",
        "good": "all is well",
    }
    yield f"run {one_line(one.run.name)}: {said[verdict(one)]}"
    for words in one.done:
        yield f"  done   {one_line(words, _LONG)}"
    for found in one.findings:
        yield from _of_finding(found)
    for words in one.salvaged:
        yield f"  still  {one_line(words, _LONG)}"


def _of_finding(found: Finding) -> Iterator[str]:
    from orch_tui.client.doctor import invariant

    about = f"section {found.section}: " if found.section else ""
    mark = "wrong" if found.invariant else "note" if found.harmless else "left"
    yield f"  {mark:<6} {one_line(about + found.text, _LONG)}"
    if found.invariant:
        yield f"         {found.invariant}: {invariant(found.invariant)}"
    if found.helps:
        yield f"         {one_line(found.helps, _LONG)}"


def _check(one: Check) -> dict[str, str]:
    return {"name": one.name, "says": one.says, "verdict": one.verdict, "helps": one.helps}


def _run(one: Examined) -> dict[str, object]:
    from orch_tui.client.doctor import verdict

    return {
        "run": one.run.name,
        "directory": str(one.run.path),
        "verdict": verdict(one),
        "whole": one.whole,
        "runner": one.runner,
        "done": list(one.done),
        "findings": [
            {
                "invariant": found.invariant,
                "section": found.section,
                "text": found.text,
                "helps": found.helps,
                "path": found.path,
                "harmless": found.harmless,
            }
            for found in one.findings
        ],
        "salvaged": list(one.salvaged),
    }


COMMANDS = (doctor,)
