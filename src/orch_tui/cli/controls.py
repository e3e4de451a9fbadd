"""The subcommands that change a run, declared from the table of commands: one command file each, and its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import click

from orch_tui.clean import one_line
from orch_tui.cli import finding
from orch_tui.cli.options import DIRECTORY, RUN
from orch_tui.cli.sending import asked, refuse_damage
from orch_tui.client.follow import Follower
from orch_tui.client.send import taken_up
from orch_tui.core.commands import OPS, SCOPES
from orch_tui.core.state import Phase, State
from orch_tui.errors import StateError, UserError

VERBS = ("pause", "resume", "skip", "retry", "dispatch", "cancel", "steer", "answer", "discard", "stop")
LONGEST_END = 60.0  # seconds until every process of a run has to be gone

_EPILOGS = {
    "steer": "Example: orch-tui steer C keep the old flag working",
    "answer": "REQUEST is the id that `status` shows, its last part, or the section that asks. CHOICE is allow or deny "
    "for a permission, or always or never where `status` offers them; for a question an option or your own words.",
    "skip": "Example: orch-tui skip C review",
    "retry": "Example: orch-tui retry C --from verify",
    "dispatch": "Example: orch-tui dispatch C merge",
    "cancel": "A cancelled run is over for good: to go on later, use `stop`.",
    "stop": "`orch-tui run PLAN` or `orch-tui resume` goes on with it.",
}
_SHORT = {
    "pause": "Hold a section, or dispatch nothing new.",
    "retry": "Try a section again, or all that failed.",
    "skip": "Leave a section out, or pass one of its phases.",
    "dispatch": "Send a section to a phase of its workflow.",
    "answer": "Answer a permission or a question.",
}


def _declared(op: str) -> click.Command:
    def command(**given: Any) -> int:
        return asyncio.run(_carry_out(op, given))

    words = (OPS[op].__doc__ or op).strip().splitlines()[0]
    declared: Any = click.command(op, help=words, short_help=_SHORT.get(op), epilog=_EPILOGS.get(op))(command)
    return _with_arguments(op, DIRECTORY(RUN(declared)))


def _with_arguments(op: str, declared: Any) -> click.Command:
    match SCOPES[op]:
        case "section" | "either":
            required = SCOPES[op] == "section"
            words = "SECTION" if required else "[SECTION]"
            declared.params.append(click.Argument(["section"], required=required, default=None, metavar=words))
        case "ask":
            declared.params.append(click.Argument(["request"]))
            declared.params.append(click.Argument(["choice"]))
            declared.params.append(click.Option(["--text"], default="", help="A reason, or a longer answer."))
        case "run":
            pass
    if op in {"skip", "dispatch"}:
        required = op == "dispatch"
        words = "PHASE" if required else "[PHASE]"
        declared.params.append(click.Argument(["phase"], required=required, default=None, metavar=words))
    if op == "retry":
        begin = click.Option(["--from", "phase"], metavar="PHASE", help="Go on there, with the work there is.")
        declared.params.append(begin)
    if op == "steer":
        declared.params.append(click.Argument(["text"], nargs=-1, required=True, metavar="TEXT..."))
    return declared


async def _carry_out(op: str, given: Mapping[str, Any]) -> int:
    follower = Follower(finding.unfinished(given["run_name"] or _run_of(given.get("request", "")), given["directory"]))
    try:
        follower.catch_up()
        refuse_damage(follower)
        if op == "resume" and not given.get("section") and await taken_up(follower):
            click.echo("the runner was gone; another one goes on")
            return 0
        await asked(follower, op, _args(op, given, follower.state))
        click.echo(await _result(op, " ".join(filter(None, (given.get("section"), given.get("phase")))), follower))
    finally:
        follower.close()
    return 0


def _run_of(request: str) -> str:
    """The run that a whole request id (run/section/attempt/…) belongs to, or ""."""
    run, slash, _ = request.partition("/")
    return run if slash else ""


def _args(op: str, given: Mapping[str, Any], state: State) -> dict[str, object]:
    args: dict[str, object] = {}
    if SCOPES[op] == "ask":
        request = _request(state, given["request"])
        return {"request_id": request, "choice": given["choice"], "text": given["text"]}
    if given.get("section"):
        args["section"] = given["section"]
    if given.get("phase"):
        args["phase"] = given["phase"]
    if op == "steer":
        args["text"] = " ".join(given["text"])
    return args


def _request(state: State, named: str) -> str:
    """A request id, also by the end of it or by the section that asks, when only one fits."""
    if named in state.asks:
        return named
    fitting = [
        ask.request_id
        for ask in state.asks.values()
        if ask.section.casefold() == named.casefold() or ask.request_id.endswith(f"/{named}")
    ]
    if len(fitting) > 1:
        raise UserError(f"{len(fitting)} requests fit {named!r}: {one_line(', '.join(fitting))}", hint="name one")
    return fitting[0] if fitting else named


async def _result(op: str, about: str, follower: Follower) -> str:
    """What came of an accepted command, in words. Ending a run is waited for: its processes are gone then."""
    if about or op not in {"stop", "cancel"}:
        return f"{op} {one_line(about)}: accepted" if about else f"{op}: accepted"
    loop = asyncio.get_running_loop()
    until = loop.time() + LONGEST_END
    ended = {Phase.STOPPED, Phase.CANCELLED}
    while follower.state.phase in {Phase.STOPPING, Phase.CANCELLING} or (
        follower.state.phase in ended and follower.runner_alive()
    ):
        if loop.time() > until:
            raise StateError(
                f"not everything of run {follower.run.name!r} has ended after {LONGEST_END:g} seconds",
                hint=f"look at {str(follower.run.log)!r}",
            )
        await follower.wait(0.05)
        follower.catch_up()
        refuse_damage(follower)
    if follower.state.phase in ended:
        return f"{follower.state.phase.value}: no process of run {follower.run.name} is left"
    return f"{op}: accepted, but the run is {follower.state.phase.value} again"


COMMANDS = tuple(map(_declared, VERBS))
