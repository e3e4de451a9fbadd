"""What the agent of a section was told, or would be told now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from orch_tui import config, git, resources
from orch_tui.clean import one_line
from orch_tui.client.editions import section_named, to_approve
from orch_tui.client.follow import Followed
from orch_tui.core import counting, flowing
from orch_tui.core.briefing import Template, begun_anew, write_brief
from orch_tui.core.choosing import needed
from orch_tui.core.plan_text import PlanText
from orch_tui.core.resuming import session_of
from orch_tui.core.state import SectionState, State, Status
from orch_tui.core.trimming import LEFT_OUT
from orch_tui.errors import UserError
from orch_tui.flow.workflow import AgentPhase
from orch_tui.store.files import read_bytes
from orch_tui.store.left_behind import left_by
from orch_tui.tokens import size, tokens_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The brief of an attempt at a section, byte for byte.

    `sent` says that the attempt has it; else it is what would be sent now, and may change as long as the sections
    `before` are not done. `tokens` is an estimate.
    """

    section: str
    attempt: int
    text: bytes
    tokens: int
    sent: bool
    before: tuple[str, ...] = ()

    @property
    def left_out(self) -> str:
        """What was left out to keep it within its budget, in words; "" when all of it is there."""
        last = self.text.rstrip().rpartition(b"\n")[2].decode("utf-8", "replace")
        return one_line(last, 1000) if last.startswith(LEFT_OUT) else ""


def brief_of(follower: Followed, name: str, *, attempt: int = 0) -> Brief:
    """The brief of attempt `attempt` of the section called `name`; 0: of the one at work, else of the next one.

    A section that is done shows what the last agent that worked on it was told. Raises UserError where there is none.
    """
    state = follower.state
    section = state.sections.get(name) or state.sections.get(section_named(to_approve(state), name))
    if section is None:
        raise UserError(f"section {name!r} is in an edition that is not approved yet", hint="approve it first")
    if number := attempt or _told(state, section):
        return _sent(follower, section, number)
    return _next(follower, section)


def _told(state: State, section: SectionState) -> int:
    """The attempt whose brief counts, of a section at work or done: the last one with an agent."""
    at_work = section.id in state.running and section.id not in state.leaving
    if not at_work and section.status is not Status.DONE:
        return 0
    agents = with_brief(state, section)
    return agents[-1] if agents else 0


def with_brief(state: State, section: SectionState) -> list[int]:
    """The attempts at a section that an agent was told a brief for."""
    return [
        one.number
        for one in section.attempts
        if isinstance(flowing.phase(state, section, one.phase), AgentPhase | None)
    ]


def _sent(follower: Followed, section: SectionState, number: int) -> Brief:
    path = follower.run.attempt(section.slug, number).brief
    try:
        text = read_bytes(path)
    except OSError as error:
        count = len(section.attempts)
        there = f"it had {count} so far" if count else "it had none yet"
        raise UserError(f"attempt {number} of section {section.id!r} has no brief", hint=there) from error
    tokens = tokens_of(text.decode("utf-8", "surrogateescape"))
    return Brief(section=section.id, attempt=number, text=text, tokens=tokens, sent=True)


def _next(follower: Followed, section: SectionState) -> Brief:
    state, run = follower.state, follower.run
    if section.verdict or section.attention:  # what follows is a retry, which begins again
        section = replace(section, phase="", tree=0, told="", visits={})
    at = flowing.after(state, section) if section.id in state.leaving else flowing.first(state, section)
    phase = flowing.phase(state, section, at)
    if not isinstance(phase, AgentPhase):
        raise UserError(
            f"the next phase of section {section.id!r} is {at!r}, which asks no agent",
            hint=f"--attempt N shows what one of its {len(section.attempts)} attempts was told"
            * bool(section.attempts),
        )
    file, prompt = resources.found("prompts", phase.prompt, root=run.root)
    number = len(section.attempts) + 1
    rate = counting.rate(state, phase.agent or section.agent, counting.model_of(state, section, phase))
    before = flowing.gone_on_from(state, section, phase)
    text = write_brief(
        state,
        section,
        PlanText(follower.plan_text(state.plan_sha)),
        Template(text=prompt, name=str(file), outcomes=phase.outcomes),
        attempt=number,
        budget=config.load(run.root).brief_tokens,
        rate=rate,
        earlier=begun_anew(section, phase, number, partial(git.changes.as_text, run.root)),
        left=left_by(run.attempt(section.slug, before.number), before) if before else None,
        resumes=bool(before and session_of(section, flowing.task_of(state, section, phase))),
    )
    before = (up for up in needed(state, section) if not state.sections[up].frees)
    return Brief(
        section=section.id,
        attempt=number,
        text=text.encode("utf-8", "surrogateescape"),
        tokens=int(size(text) / rate) + 1,
        sent=False,
        before=tuple(map(one_line, before)),
    )
