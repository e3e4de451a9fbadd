"""Events, commands and snapshots to plain JSON data and back; `typed.py` makes dataclasses of data."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args

from pydantic import ConfigDict, TypeAdapter, ValidationError

from orch_tui.core.commands import OPS, Command
from orch_tui.core.events import Event
from orch_tui.core.state import State
from orch_tui.core.typed import adapter, from_data, from_json, to_json
from orch_tui.core.upcast import upcast
from orch_tui.errors import CommandError, NewerError

VERSION = 2
"""Version of every event type as written today; older ones are upcast in `decode_event`."""

EVENTS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}


@cache
def _strict(kind: Any) -> TypeAdapter[Any]:
    kind.__pydantic_config__ = ConfigDict(extra="forbid")
    return TypeAdapter(kind)


def encode_event(event: Event) -> tuple[str, dict[str, Any]]:
    """(type, data) for the journal."""
    kind = type(event)
    return kind.__name__, adapter(kind).dump_python(event, mode="json")


def decode_event(type_: str, version: int, data: dict[str, object]) -> Event:
    """The event of a journal record. Fields that are not known are left out: whoever added them meant that.

    Raises NewerError for a type, a version or a value this program does not know.
    """
    kind = EVENTS.get(type_)
    if kind is None or version > VERSION:
        raise _newer(f"holds a {type_!r} of version {version}")
    try:
        return from_data(kind, data if version == VERSION else upcast(type_, version, data))
    except ValidationError as error:
        raise _newer(f"holds a {type_!r} with other fields ({_first(error)})") from error


def encode_command(command: Command) -> dict[str, Any]:
    """The `args` of a command file."""
    return adapter(type(command)).dump_python(command, mode="json")


def decode_command(op: str, args: dict[str, object]) -> Command:
    """The command of an inbox file. Raises CommandError with what is wrong."""
    kind = OPS.get(op)
    if kind is None:
        raise CommandError(f"unknown command {op!r}", hint=f"known are {', '.join(OPS)}")
    try:
        return _strict(kind).validate_python(args)
    except ValidationError as error:
        raise CommandError(f"bad arguments for {op!r}: {_first(error)}") from error


def encode_state(state: State) -> bytes:
    """A snapshot of the state, as JSON."""
    return to_json(state)


def decode_state(data: bytes) -> State | None:
    """The state of a snapshot, or None when it does not fit this version (snapshots are disposable)."""
    try:
        return from_json(State, data)
    except ValueError:
        return None


def _newer(what: str) -> NewerError:
    return NewerError(
        f"the journal {what}, which this orch-tui does not know. The run is read-only here",
        hint="a newer orch-tui wrote it: use that one, or update",
    )


def _first(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(str(part) for part in problem['loc']) or 'value'}: {problem['msg']}"
