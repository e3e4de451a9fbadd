"""What a run came to, in words that no later version says otherwise: the expectation beside a stored journal."""

from __future__ import annotations

from collections.abc import Iterator

from orch_tui.core.state import State


def summary(state: State) -> str:
    """One line for the run, and for each section, attempt, decision and command."""
    return "".join(f"{line}\n" for line in _lines(state))


def _lines(state: State) -> Iterator[str]:
    yield f"run {state.run} {state.phase.value}: {state.seq} records, epoch {state.epoch}, ${state.cost_usd:.6f}"
    yield f"plan {state.plan_sha}"
    yield f"graph {state.graph_sha}"
    yield f"approved by {state.approval.by if state.approval else 'nobody'}"
    yield f"merged {' '.join(state.merged) or 'nothing'}"
    for section in state.sections.values():
        after = f" after {' '.join(section.upstream)}" if section.upstream else ""
        yield f"section {section.id} {section.status.value}{after}: {section.detail or '-'}"
        for number, one in enumerate(section.attempts, 1):
            yield f"  attempt {number} {one.phase} {one.step} {one.outcome or '-'} {one.failure or '-'}"
            yield f"    commit {one.commit or '-'}, merged as {one.merge_commit or '-'}, files {' '.join(one.files)}"
    for decision in state.decisions:
        yield f"decision {decision.text}"
    for command, reason in state.commands.items():
        yield f"command {command}: {reason or 'accepted'}"
