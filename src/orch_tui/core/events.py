"""Everything that can have happened in a run. Past tense, immutable; the journal stores nothing else.

The journal's record carries sequence number, times, epoch and cause; an event carries only what happened.
`section` is always a section id as in the plan, `attempt` counts from 1. Each group has a module of its own.
"""

from __future__ import annotations

from orch_tui.core.attempt_events import AttemptEvent
from orch_tui.core.decision_events import DecisionEvent
from orch_tui.core.mend_events import MendEvent
from orch_tui.core.run_events import RunEvent
from orch_tui.core.section_events import SectionEvent
from orch_tui.core.validation_events import ValidationEvent
from orch_tui.core.work_events import WorkEvent

Event = RunEvent | DecisionEvent | MendEvent | ValidationEvent | SectionEvent | AttemptEvent | WorkEvent
