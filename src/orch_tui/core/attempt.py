"""One attempt at a section, as far as the journal tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from orch_tui.agents.result import Result

Step = Literal[
    "intended", "prepared", "working", "ended", "committing", "committed", "merging", "merged", "conflict", "lost"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Something sent to a live attempt; kept so that a new runner can send it again."""

    id: str
    op: Literal["steer", "answer", "pause", "resume", "end"]
    args: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class AttemptState:
    """One attempt. Times are wall seconds since the epoch, 0 when not yet; cost None means unknown."""

    number: int
    agent: str
    session_id: str
    marker: str
    step: Step = "intended"
    path: str = ""
    branch: str = ""
    base: str = ""
    head: str = ""
    checkout: str = ""
    repository: str = ""
    pid: int = 0
    brief_sha: str = ""
    agent_session_id: str = ""
    model: str = ""
    seen: int = 0
    """Last transcript record taken into the journal."""
    intended_at: float = 0.0
    started_at: float = 0.0
    ended_at: float = 0.0
    waits_since: float = 0.0
    waited: float = 0.0
    """Since when it waits for a person (0: it does not), and seconds in which it did before."""
    outcome: str = ""
    failure: str = ""
    message: str = ""
    summary: str = ""
    result: Result | None = None
    """What its agent reported, where it can."""
    unanswered: tuple[str, ...] = ()
    """Acceptance criteria of the section for which it gave no evidence."""
    exit_code: int | None = None
    until: float = 0.0
    cost_usd: float | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    notice: str = ""
    end_why: str = ""
    commit: str = ""
    files: tuple[str, ...] = ()
    file_count: int = 0
    insertions: int = 0
    deletions: int = 0
    merge_commit: str = ""
    undone: bool = False
    """What it left was taken back."""
    controls: list[Control] = field(default_factory=list[Control])
    counted: bool = True
    phase: str = ""
    visit: int = 1
    tree: int = 0
    """The attempt whose worktree it is in, itself when it has its own."""
    slot: int = 0
    merged_before: int = 0
    """How many merges there had been in the run when it was intended."""
    leaves_work: bool = True
    """Whether what it leaves is work; checks and readers leave none."""
    named: str = ""
    proves: str = ""
    """The merged result on which it runs the section's checks."""
    outdated: bool = False
    """The section's text changed while it was at work, and it was left to go on with what it was told."""
    resumes: int = 0
    """The attempt whose session it goes on with; 0: its session is its own."""
    told: str = ""
    """What it was asked to do and by which model, as a mark that changes when that does."""
    wanted: str = ""
    """The model that was asked for; "" leaves it to the agent."""
    session: bool = False
    """Whether it is an agent's, and not a program of the workflow."""
    resumable: bool = False
    """Whether its session can be gone on with, as its agent said when it was up."""
    left: str = ""
    """The commit at which its worktree stood when nothing of it was alive any more."""
    did: str = ""
    """What it did, as a hash of its tool calls; "" when nobody knows."""
    tools: int | None = None
    """How many tools its agent used, reporting apart; None when nobody counted."""
    begin: bool = False
    """What follows it begins a session of its own."""
