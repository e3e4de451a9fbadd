"""What an attempt is to do: the brief of an agent, or the commands of a program, by the phase it is about."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from orch_tui import git, resources
from orch_tui.agents import registry
from orch_tui.agents.base import Block
from orch_tui.core import counting, flowing
from orch_tui.core.briefing import Template, argv_of, begun_anew, write_brief
from orch_tui.core.plan_text import PlanText
from orch_tui.core.state import AttemptState, SectionState, State
from orch_tui.engine.checks import checks, command_block
from orch_tui.errors import ConfigError
from orch_tui.flow.workflow import FORGE, AgentPhase, PollPhase, Role, ScriptPhase
from orch_tui.output_schema import Schema, read_schema
from orch_tui.store.layout import RunDir
from orch_tui.store.left_behind import left_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """The text that is kept as the attempt's brief, and the blocks for who runs them. "" : as the section says."""

    brief: str
    blocks: tuple[Block, ...]
    model: str = ""
    effort: str = ""
    output: Schema | None = None
    """What an agent has to hand over with its result."""
    role: Role | None = None
    """What an agent may do; None: it is no agent, but what the workflow says itself."""


def work_of(
    state: State,
    section: SectionState,
    attempt: AttemptState,
    text: PlanText,
    run: RunDir,
    tree: Path,
    *,
    brief_tokens: int,
) -> Todo | None:
    """What an attempt is to do in `tree`; None when it is to check something that nothing checks."""
    phase = flowing.phase(state, section, attempt.phase)
    if isinstance(phase, PollPhase):
        argv = argv_of(state, section, text, attempt, phase.run)
        looking = command_block(_again_and_again(phase, argv))
        return Todo(brief=looking.text, blocks=(looking,))
    if isinstance(phase, ScriptPhase):
        blocks = (
            _checks(state, section, attempt, tree)
            if phase.do
            else (command_block(_command(argv_of(state, section, text, attempt, phase.run))),)
        )
        return Todo(brief="".join(block.text for block in blocks), blocks=blocks) if blocks else None
    known = phase if isinstance(phase, AgentPhase) else AgentPhase()
    file, prompt = resources.found("prompts", known.prompt, root=run.root)
    template = Template(text=prompt, name=str(file), outcomes=known.outcomes)
    before = flowing.gone_on_from(state, section, known)
    return Todo(
        brief=write_brief(
            state,
            section,
            text,
            template,
            attempt=attempt.number,
            budget=brief_tokens,
            rate=counting.rate(state, attempt.agent, counting.model_of(state, section, known)),
            earlier=begun_anew(section, known, attempt.number, partial(git.changes.as_text, tree)),
            left=left_by(run.attempt(section.slug, before.number), before) if before else None,
            resumes=bool(attempt.resumes),
        ),
        blocks=tuple(Block(shell=one.shell, text=one.text, line=one.line) for one in text.blocks(section)),
        model=known.model,
        effort=known.effort,
        output=_wanted(known, attempt, run),
        role=known.role,
    )


def _wanted(phase: AgentPhase, attempt: AttemptState, run: RunDir) -> Schema | None:
    """The schema of what has to come with the result. Raises ConfigError where the agent could hand nothing over."""
    if not phase.output:
        return None
    if not registry.load(attempt.agent).capabilities.structured:
        hint = "name an agent for the phase that can, or leave out its 'output'"
        raise ConfigError(f"agent {attempt.agent!r} reports no result, and its phase wants an output", hint=hint)
    file, schema = resources.found("prompts", phase.output, root=run.root)
    return read_schema(schema, file=str(file))


def _checks(state: State, section: SectionState, attempt: AttemptState, tree: Path) -> tuple[Block, ...]:
    """What checks a section, and on a merged result those who are merged along with it; nothing twice."""
    riders = [state.sections[name] for name in state.batch.riders if attempt.proves and name in state.sections]
    every = (checks(flowing.checks_stated(state, one), tree) for one in (section, *riders))
    return tuple(dict.fromkeys(block for blocks in every for block in blocks))


def _again_and_again(phase: PollPhase, argv: tuple[str, ...]) -> str:
    """A shell loop around a program until its exit code says something; what it prints is in the stream each time."""
    codes = "|".join(str(code) for code in sorted({0, *phase.codes}))
    return (
        f"while true; do\n  code=0\n  {_command(argv)} || code=$?\n"
        f"  case $code in {codes}) exit $code ;; esac\n  sleep {phase.interval:g}\ndone"
    )


def _command(argv: tuple[str, ...]) -> str:
    """A program and its arguments for a shell; our own one is found wherever it is installed, and not in the tree."""
    own = (sys.executable, "-P", "-m", "orch_tui.forge")
    return shlex.join((*own, *argv[1:]) if argv[0] == FORGE else argv)
