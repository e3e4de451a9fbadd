"""What a session host is told of an attempt: `SessionSpec`, made from the state and from what is to be done."""

from __future__ import annotations

import zlib
from pathlib import Path

from orch_tui.agents import registry
from orch_tui.agents.base import DiskLimits, SessionSpec
from orch_tui.config import Config
from orch_tui.core import budgets, counting, flowing
from orch_tui.core.state import AttemptState, SectionState, State
from orch_tui.engine.agent_env import AgentEnv
from orch_tui.engine.results import left_by
from orch_tui.engine.todo import Todo
from orch_tui.plan.hint_words import EFFORTS
from orch_tui.store.layout import RunDir


def spec_of(
    state: State,
    section: SectionState,
    attempt: AttemptState,
    todo: Todo,
    cwd: Path,
    *,
    run: RunDir,
    config: Config,
    agents: AgentEnv,
) -> SessionSpec:
    """The spec of an attempt that works in `cwd`."""
    phase = flowing.phase(state, section, attempt.phase)
    model = todo.model or section.model or state.settings.model
    return SessionSpec(
        provider=attempt.agent,
        run=state.run,
        section=section.id,
        attempt=attempt.number,
        title=section.title,
        cwd=str(cwd),
        brief=todo.brief,
        session_id=attempt.session_id,
        env=agents.of(attempt),
        model=model,
        count=bool(todo.role) and counting.wanted(state, attempt.agent, model, todo.brief),
        effort=next((word for word in (todo.effort, section.effort.lower()) if word in EFFORTS), ""),
        blocks=todo.blocks,
        role=todo.role or "write",
        deny=config.deny if todo.role else (),
        budget_usd=budgets.of_attempt(state, section, phase) or 0.0,
        report=registry.load(attempt.agent).capabilities.structured,
        output=todo.output,
        acceptance=section.hints.acceptance if attempt.leaves_work else (),
        upstreams=left_by(state, section, run),
        options=agents.options(attempt.agent),
        scratch=str(run.attempt(section.slug, attempt.number).scratch),
        seed=zlib.crc32(state.plan_sha.encode()),
        limits=DiskLimits(file=config.disk.file, transcript=config.disk.transcript, scratch=config.disk.scratch),
        resume=bool(attempt.resumes),
        spent_usd=_spent(section, attempt),
    )


def _spent(section: SectionState, attempt: AttemptState) -> float:
    """What the session that an attempt goes on with is known to have cost before."""
    spent = 0.0
    while attempt.resumes:
        attempt = section.attempts[attempt.resumes - 1]
        spent += attempt.cost_usd or 0.0
    return spent
