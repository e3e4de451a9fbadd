"""What holds of a whole journal, record by record: each event is looked at in the state before it, then folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orch_tui.core import flowing
from orch_tui.core.apply import apply
from orch_tui.core.attempt_events import AttemptIntended
from orch_tui.core.events import Event
from orch_tui.core.section_events import PhaseSkipped, SectionDone, SectionRetried, SectionSent
from orch_tui.core.state import SectionState, State
from orch_tui.flow.workflow import ScriptPhase, TerminalPhase, Workflow
from orch_tui.invariants.guard import broken
from orch_tui.invariants.violation import Violation
from orch_tui.store.record import Record


class History:
    """Looks at records as they come; `state` is what they come to, as far as they can be folded."""

    def __init__(self) -> None:
        self.state = State()
        self.over = False
        """A record could not be folded: nothing after it means anything."""
        self._epoch = 0
        self._waived: set[str] = set()
        """Sections of which a person sent, or let off, a phase."""

    def look(self, record: Record, event: Event) -> Iterator[Violation]:
        """What is wrong with the next record."""
        if self.over:
            return
        if record.seq != self.state.seq + 1 or record.epoch < self._epoch:
            text = (
                f"record {record.seq} of runner {record.epoch} follows record {self.state.seq} of runner {self._epoch}"
            )
            yield Violation(invariant="I2", text=text)
        self._epoch = max(self._epoch, record.epoch)
        found = broken(self.state, [event])
        if found is not None:
            yield Violation(invariant=found.invariant, text=f"record {record.seq}: {found.text}", section=found.section)
        if isinstance(event, (PhaseSkipped, SectionSent, SectionRetried)):
            self._waived.add(event.section)
        if isinstance(event, SectionDone) and found is None:
            yield from self._checked(record, self.state.sections[event.section])
        try:
            apply(self.state, event, seq=record.seq, at=record.t, cause=record.cause)
        except Exception as error:  # noqa: BLE001 - whatever is in a journal, it is told and not thrown
            self.over = True
            words = f"{type(error).__name__}: {error}"
            yield Violation(invariant="I13", text=f"record {record.seq} ({record.type}) cannot be folded: {words}")

    def _checked(self, record: Record, section: SectionState) -> Iterator[Violation]:
        """Of a section that is done, whether its work was checked after it was left, where its workflow always does."""
        flow = flowing.workflow(self.state, section)
        work = next(
            (one for one in reversed(section.attempts[section.begun :]) if one.leaves_work and one.commit), None
        )
        if work is None or section.id in self._waived or not _always_checks(flow, work.phase):
            return
        later = section.attempts[work.number :]
        if not any(one.proves or _checks(flow, one.phase) for one in later):
            text = f"record {record.seq}: it is done, and nothing checked what attempt {work.number} left"
            yield Violation(invariant="I8", text=text, section=section.id)


def of_history(records: Iterable[tuple[Record, Event]]) -> list[Violation]:
    """Everything that does not hold of a journal, from its first record on."""
    history = History()
    return [found for record, event in records for found in history.look(record, event)]


def started(records: Iterable[tuple[Record, Event]]) -> dict[tuple[str, int], str]:
    """Every attempt that was ever intended, with the session it was given: for those who count starts elsewhere."""
    intents = (event for _, event in records if isinstance(event, AttemptIntended))
    return {(event.section, event.attempt): event.session_id for event in intents}


def _checks(flow: Workflow, phase: str) -> bool:
    here = flow.phases.get(phase)
    return isinstance(here, ScriptPhase) and here.do == "checks"


def _always_checks(flow: Workflow, at: str) -> bool:
    """Whether every way from a phase to the section's end leads through one that checks."""
    if at not in flow.phases:
        return False
    seen: set[str] = set()
    work = [at]
    while work:
        name = work.pop()
        here = flow.phases.get(name)
        if name in seen or here is None or _checks(flow, name):
            continue
        seen.add(name)
        if isinstance(here, TerminalPhase):
            if here.outcome == "done":
                return False
            continue
        work += here.to.values()
    return True
