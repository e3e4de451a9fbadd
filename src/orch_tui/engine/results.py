"""The result an attempt left in result.json, as an event: read anew, because the host's word is not taken for it."""

from __future__ import annotations

from typing import cast

from orch_tui.agents.result import NotAResult, read, unanswered
from orch_tui.core import flowing
from orch_tui.core.attempt_events import ResultReported
from orch_tui.core.choosing import needed
from orch_tui.core.state import AttemptState, SectionState, State
from orch_tui.errors import DamageError
from orch_tui.executors.base import Gone
from orch_tui.output_schema import Schema
from orch_tui.store import files
from orch_tui.store.layout import AttemptDir, RunDir

_LARGEST = 4 * 1024 * 1024
"""Bytes of a file that is read; a valid result has a tenth of it."""


def left_by(state: State, section: SectionState, run: RunDir) -> dict[str, str]:
    """The sections that this one builds on, and where the result of each lies."""
    found = ((state.sections[name], flowing.worked(state.sections[name])) for name in needed(state, section))
    return {up.id: str(run.attempt(up.slug, worked[0].number).result) for up, worked in found if worked}


def _schema(left: AttemptDir) -> Schema | None:
    """What its agent was told to hand over with the result."""
    return cast("Schema | None", (files.read_json(left.spec) or {}).get("output"))


def reported(section: SectionState, attempt: AttemptState, left: AttemptDir, gone: Gone) -> list[ResultReported]:
    """What the attempt reported; [] where it reported nothing that is a result."""
    try:
        if gone.exit is None or left.result.stat().st_size > _LARGEST:
            return []
        given = (files.read_json(left.result) or {}).get("structured")
        result = read(given, attempt.path, _schema(left))
    except (OSError, DamageError, NotAResult):
        return []
    wanted = result.status == "done" and attempt.leaves_work
    missing = unanswered(result, section.hints.acceptance) if wanted else ()
    return [ResultReported(section=section.id, attempt=attempt.number, result=result, unanswered=missing)]
