"""`mend`: changing the graph of a run before it is approved, from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, get_args

import click

from orch_tui.clean import one_line
from orch_tui.cli import exit_codes, finding
from orch_tui.cli.mended import edition_json, show
from orch_tui.cli.options import DIRECTORY, JSON, RUN
from orch_tui.cli.sending import ask, following
from orch_tui.client import editions, mend_files
from orch_tui.client.follow import Follower
from orch_tui.core.adding import taken
from orch_tui.core.edition import Edition
from orch_tui.errors import UserError
from orch_tui.plan.adding import free_id
from orch_tui.plan.edit_words import all_words
from orch_tui.plan.edits import (
    AddEdge,
    AddNote,
    AddSection,
    Assign,
    Assignable,
    DropEdge,
    Edit,
    Exclude,
    Include,
    MarkDone,
    Mend,
    ReverseEdge,
    named,
)
from orch_tui.store.layout import mends_beside

WHY = click.option("--why", default="", metavar="WORDS", help="Why; it is kept as the evidence.")
SECTIONS = click.argument("sections", nargs=-1, required=True, metavar="SECTION...")
AFTER = click.option("--after", "after", multiple=True, required=True, metavar="SECTION", help="What it waits for.")

Named = Callable[[str], str]
"""From what a person wrote to a section's id; from "" to one that no section has."""


@click.group("mend", invoke_without_command=True, short_help="Change the graph before it is approved.")
@RUN
@DIRECTORY
@JSON
@click.pass_context
def mend(context: click.Context, run_name: str, directory: Path | None, as_json: bool) -> None:
    """Change what will run: its order, what is left out or done, and how each section is carried out.

    Nothing of it is in force before `orch-tui approve`. In a run under way mends gather in a candidate beside it.
    Without a subcommand: the mends so far.
    """
    context.obj = (run_name, directory, as_json)
    if context.invoked_subcommand is None:
        with following(run_name, directory) as follower:
            show(follower, as_json=as_json)


def _subcommand(name: str, short: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A subcommand of `mend` that also takes the options which name the run, and `--json`."""

    def declare(function: Callable[..., Any]) -> click.Command:
        declared: Any = JSON(DIRECTORY(RUN(function)))
        return mend.command(name, short_help=short)(declared)

    return declare


# --- edges -----------------------------------------------------------------------------------------------------------


@_subcommand("add", "Make a section wait for others.")
@click.argument("section")
@AFTER
@click.option("--needs", default="", metavar="WORDS", help="What it needs of them; goes into its brief.")
@WHY
def add(section: str, after: Sequence[str], needs: str, why: str, **where: Any) -> int:
    """Make SECTION wait for the section after --after (which may be given more than once)."""

    def edits(named: Named) -> list[Edit]:
        return [AddEdge(upstream=named(up), downstream=named(section), needs=needs) for up in after]

    return _send(where, edits, why)


@_subcommand("drop", "Let a section no longer wait for others.")
@click.argument("section")
@AFTER
@WHY
def drop(section: str, after: Sequence[str], why: str, **where: Any) -> int:
    """Let SECTION no longer wait for the section after --after (which may be given more than once)."""
    return _send(where, lambda named: [DropEdge(upstream=named(up), downstream=named(section)) for up in after], why)


@_subcommand("reverse", "Turn a dependency round.")
@click.argument("section")
@AFTER
@WHY
def reverse(section: str, after: Sequence[str], why: str, **where: Any) -> int:
    """Let what SECTION waits for (--after) wait for SECTION instead."""
    return _send(where, lambda named: [ReverseEdge(upstream=named(up), downstream=named(section)) for up in after], why)


# --- sections --------------------------------------------------------------------------------------------------------


@_subcommand("exclude", "Leave sections out.")
@SECTIONS
@click.option("--with-dependants", is_flag=True, help="And everything that waits for them; else that goes on without.")
@WHY
def exclude(sections: Sequence[str], with_dependants: bool, why: str, **where: Any) -> int:
    """Leave sections out; what waits for them goes on without them, or is left out as well."""

    def edits(named: Named) -> list[Edit]:
        return [Exclude(section=named(one), dependants="exclude" if with_dependants else "release") for one in sections]

    return _send(where, edits, why, and_then=_behind)


@_subcommand("include", "Carry sections out after all.")
@SECTIONS
@WHY
def include(sections: Sequence[str], why: str, **where: Any) -> int:
    """Carry sections out after all, with those that were left out because of them."""
    return _send(where, lambda named: [Include(section=named(one)) for one in sections], why)


@_subcommand("done", "Mark sections as done already.")
@SECTIONS
@click.option("--not", "open_again", is_flag=True, help="Not done, whatever the plan's own mark says.")
@WHY
def done(sections: Sequence[str], open_again: bool, why: str, **where: Any) -> int:
    """Mark sections as done already: they are not carried out, and what waits for them can start."""
    return _send(where, lambda named: [MarkDone(section=named(one), done=not open_again) for one in sections], why)


@_subcommand("set", "Set agent, model, budget … of sections.")
@click.argument("words", nargs=-1, required=True, metavar="SECTION... NAME=VALUE...")
@WHY
def set_(words: Sequence[str], why: str, **where: Any) -> int:
    """Set how sections are carried out, one or many at once; NAME= takes it back.

    NAME is agent, model, effort (low, medium, high, xhigh, max), budget (US dollars), workflow, priority (a whole
    number: higher starts first), merge (merge, squash, rebase) or repository (. for the project's own).
    Example: orch-tui mend set B C agent=claude budget=2.50
    """
    sections, values = _split(words)

    def edits(named: Named) -> list[Edit]:
        return [Assign(section=named(one), what=what, value=value) for one in sections for what, value in values]

    return _send(where, edits, why)


def _split(words: Sequence[str]) -> tuple[list[str], list[tuple[Assignable, str]]]:
    known: tuple[Assignable, ...] = get_args(Assignable)
    sections: list[str] = []
    values: list[tuple[Assignable, str]] = []
    for word in words:
        name, equals, value = word.partition("=")
        what: Assignable | None = known[known.index(name)] if name in known else None
        if equals and what is not None:
            values.append((what, value.strip()))
        else:
            sections.append(word)
    if not values:
        hint = f"NAME=VALUE with one of {', '.join(known)}"
        raise UserError(f"nothing to set in {' '.join(words)!r}", hint=hint)
    if not sections:
        raise UserError("no section is named", hint="orch-tui mend set SECTION... NAME=VALUE...")
    return sections, values


@_subcommand("note", "Add words to a section's brief.")
@click.argument("section")
@click.argument("text", nargs=-1, required=True, metavar="TEXT...")
def note(section: str, text: Sequence[str], **where: Any) -> int:
    """Add words to a section: its agent reads them below the section's own text."""
    return _send(where, lambda named: [AddNote(section=named(section), text=" ".join(text))], "")


@_subcommand("new", "Add a section that the plan does not have.")
@click.argument("title")
@click.argument("text", nargs=-1, metavar="TEXT...")
@click.option("--from", "file", type=click.File(encoding="utf-8"), help="A file with its text; - for standard input.")
@click.option("--id", "name", default="", metavar="ID", help="What it is called; else N1, N2 and so on.")
@click.option("--after", multiple=True, metavar="SECTION", help="What it waits for.")
@click.option("--before", multiple=True, metavar="SECTION", help="What waits for it.")
@click.option("--files", multiple=True, metavar="PATH", help="A file it will change.")
@click.option("--verify", multiple=True, metavar="COMMAND", help="A command that checks it.")
@WHY
def new(
    title: str,
    text: Sequence[str],
    file: IO[str] | None,
    name: str,
    why: str,
    after: Sequence[str],
    before: Sequence[str],
    files: tuple[str, ...],
    verify: tuple[str, ...],
    **where: Any,
) -> int:
    """Add a section called TITLE, whose agent is told TEXT. The plan file stays as it is; `mend export` keeps it.

    Example: orch-tui mend new "Limits" "Say what the parser refuses." --after B --before D
    """
    if bool(file) == bool(text):
        raise UserError("the section needs words: as arguments, or --from a file")
    words = file.read() if file else " ".join(text)

    def edits(named: Named) -> list[Edit]:
        made = AddSection(section=name or named(""), title=title, text=words.strip("\n"), files=files, verify=verify)
        waits = [AddEdge(upstream=named(up), downstream=made.section) for up in after]
        return [made, *waits, *(AddEdge(upstream=made.section, downstream=named(down)) for down in before)]

    return _send(where, edits, why)


# --- back and forth --------------------------------------------------------------------------------------------------


@_subcommand("undo", "Take the last mend back.")
def undo(**where: Any) -> int:
    """Take the last mend back; refused when somebody else mended meanwhile."""
    return _step(where, "unmend")


@_subcommand("redo", "Make the last undone mend again.")
def redo(**where: Any) -> int:
    """Make the mend again that was taken back last."""
    return _step(where, "remend")


def _step(where: Mapping[str, Any], op: str) -> int:
    with _run(where) as follower:
        edition = editions.to_approve(follower.state)
        there = edition.mends if op == "unmend" else edition.undone
        words = all_words(there[-1].edits) if there else ""
        ask(follower, op, {"record": there[-1].record if there else 0})
        _report(follower, f"{'taken back' if op == 'unmend' else 'made again'}: {words}", as_json=_json(where))
    return 0


# --- to and from a file ----------------------------------------------------------------------------------------------


@_subcommand("export", "Write the mends beside the plan.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--front-matter", is_flag=True, help="Into the plan itself, under `orch:` of its front matter.")
def export(file: Path | None, front_matter: bool, **where: Any) -> int:
    """Write the mends to FILE, - for standard output, without it to `<plan>.orch.yaml` beside the plan.

    A new run of the plan takes them in from there, for review like all mends, so they can be committed with the plan.
    """
    if file is not None and front_matter:
        raise UserError("a file or the front matter, not both")
    with _run(where) as follower:
        edition = editions.to_approve(follower.state)
        count, plan = len(edition.mends), Path(follower.state.plan_path)
        to = plan if front_matter else file or mends_beside(plan)
        if not count and not mend_files.written_before(to, front_matter=front_matter):
            raise UserError("nothing is mended, so there is nothing to write")
        if str(to) == "-":
            click.echo(mend_files.text_of(plan.name, edition), nl=False)
            return 0
        if front_matter:
            mend_files.export_front_matter(plan, edition)
        else:
            mend_files.export(to, plan.name, edition)
        told = {"file": str(to), "mends": count}
        click.echo(json.dumps(told) if _json(where) else f"wrote {_count(count, 'mend')} to {one_line(str(to))}")
    return 0


@_subcommand("import", "Make the mends of a file.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
def import_(file: Path | None, **where: Any) -> int:
    """Make the mends of FILE (default: `<plan>.orch.yaml` beside the plan) in this run.

    Each keeps who made it, when and why. Edits that do not fit are told with their line, and the exit code is 1 then;
    the others are made.
    """
    with _run(where) as follower:
        edition = editions.to_approve(follower.state)
        source = file or mends_beside(Path(follower.state.plan_path))
        found = mend_files.fitting_of(source, edition)
        ask(follower, "mend", *(_brought(made, source.name) for made in found.mends))
        if found.moved:
            click.echo(
                f"sections with other ids now, found by their titles: {one_line(found.moved_words, 600)}", err=True
            )
        for misfit in found.misfits:
            click.echo(f"line {misfit.line}: {one_line(misfit.message, 600)}", err=True)
        _report(follower, f"made {_count(len(found.mends), 'mend')}", as_json=_json(where))
    return exit_codes.ERROR if found.misfits else exit_codes.DONE


def _brought(made: Mend, file: str) -> dict[str, object]:
    edits = [asdict(edit) for edit in made.edits]
    return {"edits": edits, "by": made.by, "at": made.at, "why": made.why, "source": made.source or file}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


# --- what is common --------------------------------------------------------------------------------------------------


def _run(where: Mapping[str, Any]) -> Any:
    """The run that the options of the subcommand, or those of `mend` itself, name."""
    outer: tuple[str, Path | None, bool] = click.get_current_context().obj or ("", None, False)
    return following(where["run_name"] or outer[0], where["directory"] or outer[1])


def _json(where: Mapping[str, Any]) -> bool:
    outer: tuple[str, Path | None, bool] = click.get_current_context().obj or ("", None, False)
    return bool(where["as_json"] or outer[2])


def _behind(edition: Edition, made: Sequence[Edit]) -> str:
    """What becomes of the sections behind those that were left out."""
    gone = [name for edit in made for name in named(edit)]
    without, with_it = editions.behind(edition, gone)
    told = (("left out too", with_it), ("going on without it", without))
    said = [f"{verb}: {one_line(', '.join(names), 400)}" for verb, names in told if names]
    return "; ".join(said) or "nothing waits for it"


def _send(
    where: Mapping[str, Any],
    edits: Callable[[Named], Sequence[Edit]],
    why: str,
    and_then: Callable[[Edition, Sequence[Edit]], str] | None = None,
) -> int:
    with _run(where) as follower:
        edition = editions.to_approve(follower.state)
        free = free_id(taken(follower.state))
        made = edits(lambda name: editions.section_named(edition, name) if name else free)
        ask(follower, "mend", {"edits": [asdict(edit) for edit in made], "why": why})
        more = f" ({and_then(editions.to_approve(follower.state), made)})" if and_then is not None else ""
        _report(follower, f"mended: {all_words(made)}{more}", as_json=_json(where))
    return 0


def _report(follower: Follower, words: str, *, as_json: bool) -> None:
    """What was done, what still speaks against an approval, and how to go on."""
    state = follower.state
    edition = editions.to_approve(state)
    if as_json:
        click.echo(json.dumps(edition_json(follower, edition), ensure_ascii=True, indent=1))
        return
    click.echo(one_line(words, 1000))
    which = finding.reference(follower.run)
    beside = "a candidate beside the run; see it with" if state.candidate else "see it with"
    look = f"orch-tui diff {which}" if state.candidate else f"orch-tui graph {which}"
    click.echo(f"not approved yet: {beside} `{look}`, then `orch-tui approve {which}`")


COMMANDS = (mend,)
