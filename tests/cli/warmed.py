"""What the program and its runners import, compile and build, done once in the process they are forked from."""

from __future__ import annotations

import contextlib
import gc
import importlib

from orch_tui.agents import registry
from orch_tui.cli.commands import ROOMS
from orch_tui.core.codec import EVENTS, VERSION, decode_command, decode_event, encode_state
from orch_tui.core.commands import OPS
from orch_tui.core.state import State
from orch_tui.errors import CommandError, DamageError
from orch_tui.plan.parsing import parse

for _module in (
    "orch_tui.main",
    "orch_tui.cli.query",
    *(f"orch_tui.cli.{room}" for room in sorted({*ROOMS.values()})),
    "orch_tui.cli.headless",
    "orch_tui.client.draft",
    "orch_tui.engine.__main__",
    "orch_tui.engine.taking_in",
    "orch_tui.plan.export",
    "orch_tui.store.brought",
    "jinja2.sandbox",
):
    importlib.import_module(_module)
for _name in registry.names():
    registry.load(_name)

# The patterns of the readers are compiled when a plan first needs them.
parse(
    "---\nagent: script\n---\n# Plan\n## Section A: Part A\nDependencies: none\n\n```bash\necho a\n```\n"
    "## Section B: Part B\nDependencies: Section A\n\n```bash\necho b\n```\n"
)

# What checks an event or a command is built for the first one, though it does not fit.
for _type in EVENTS:
    with contextlib.suppress(DamageError):
        decode_event(_type, VERSION, {})
for _op in OPS:
    with contextlib.suppress(CommandError):
        decode_command(_op, {})
encode_state(State())
gc.freeze()
