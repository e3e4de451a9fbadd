"""What happened in an attempt at a section, from its intent to its end; `n` counts its transcript's records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from orch_tui.agents.result import Result

SET_ASIDE = "set aside"
"""Why an attempt is ended that worked on what is not to be carried out any more."""

SENT_ON = "sent on"
"""Why an attempt is ended at whose phase a person does not want to stay; its work is gone on with."""

NEAR_LIMIT = "near-limit"
"""Kind of the notice that a usage limit is close: no further session of that agent begins for now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptIntended:
    """Durable before anything is started. `session_id` is assigned here; used again only to go on with it."""

    section: str
    attempt: int
    agent: str
    session_id: str
    marker: str
    """Value of ORCH_ATTEMPT in the environment of every process of this attempt."""
    phase: str = "implement"
    """The phase of the section's workflow that it is about, for the `visit`th time."""
    visit: int = 1
    tree: int = 0
    """The attempt in whose worktree it goes on; 0: it gets its own."""
    slot: int = 0
    """The number of its section among those under way."""
    proves: str = ""
    """The commit that merging would make, when this runs the section's checks on it."""
    resumes: int = 0
    """The attempt whose session it goes on with, dead by then; 0: it begins a session of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorktreeReady:
    """The attempt's working directory. `branch` and `base` are "" when it works in place."""

    section: str
    attempt: int
    path: str
    branch: str
    base: str
    head: str = ""
    """The commit that what only reads or checks is held to; "" for what may write."""
    checkout: str = ""
    """What the user's own checkout looks like, as a hash; "" when it works in place."""
    bare: bool = False
    """It was gone and was made again: it is to be set up before anybody works in it."""
    repository: str = ""
    """The top of the user's checkout of the repository that it is of; "": the project's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptStarted:
    """The session host is up."""

    section: str
    attempt: int
    pid: int
    brief_sha: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStarted:
    """The agent program is up inside its host. `n` is the transcript record this was read from."""

    section: str
    attempt: int
    n: int
    session_id: str
    model: str
    resumable: bool = False
    """Whether its session can be gone on with by another process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRaised:
    """The agent waits for a person."""

    section: str
    attempt: int
    n: int
    request_id: str
    kind: Literal["permission", "question"]
    title: str
    detail: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAnswered:
    """A person answered; the first answer counts."""

    section: str
    attempt: int
    request_id: str
    choice: str
    text: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskWithdrawn:
    """The agent went on without an answer."""

    section: str
    attempt: int
    n: int
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Steered:
    """A person told the running agent something."""

    section: str
    attempt: int
    text: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageReported:
    """Consumption of the attempt so far (cumulative); cost None means unknown."""

    section: str
    attempt: int
    n: int
    cost_usd: float | None
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRaised:
    """Something between the agent and its service worth showing: a retry, a limit, a fallback."""

    section: str
    attempt: int
    n: int
    kind: str
    text: str
    until: float = 0.0
    """The wall time that it names, else 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRequested:
    """The attempt's processes are being ended (stop, cancel, skip, retry, revision).

    With `SET_ASIDE` as the reason its work is not merged, even when it succeeds in that very moment.
    """

    section: str
    attempt: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultReported:
    """The agent said what came of its work: cleaned and bounded. `unanswered` are criteria it gave no evidence for."""

    section: str
    attempt: int
    result: Result
    unanswered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionProposed:
    """The agent proposes a section that the plan does not have; a person says whether there will be one.

    `after` and `before` are names of sections as the agent wrote them. `n` is the transcript record.
    """

    section: str
    attempt: int
    n: int
    title: str
    text: str
    why: str
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    verify: tuple[str, ...] = ()
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensCounted:
    """The agent's service counted the brief, of this `size` (units of `tokens.py`). `model` is what was asked for."""

    section: str
    attempt: int
    n: int
    model: str
    size: int
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptEnded:
    """The host is gone and told how it went. `until` is the stated reset of a limit, else 0."""

    section: str
    attempt: int
    outcome: Literal["succeeded", "failed", "interrupted"]
    failure: str
    message: str
    summary: str
    cost_usd: float | None
    exit_code: int | None
    until: float = 0.0
    named: str = ""
    """What a phase that succeeded came to, where its workflow has a word for it ("none": there were no checks)."""
    left: str = ""
    """The commit at which the worktree of a session that can be gone on with stood by then."""
    did: str = ""
    """What it did, as a hash of its tool calls, where it failed."""
    tools: int | None = None
    """How many tools its agent used, reporting apart; None when nobody counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptLost:
    """The host is gone and told nothing; `swept` processes of it were ended. `counted`: against the limit."""

    section: str
    attempt: int
    why: str
    swept: int
    counted: bool
    left: str = ""
    """The commit at which the worktree of a session that can be gone on with stood by then."""
    begin: bool = False
    """The session that it was to go on with cannot be: what follows begins one of its own."""


Watched = UsageReported | NoticeRaised | AgentStarted | TokensCounted
"""What is seen of an attempt at work."""

AttemptEvent = (
    AttemptIntended
    | WorktreeReady
    | AttemptStarted
    | AskRaised
    | AskAnswered
    | AskWithdrawn
    | Steered
    | EndRequested
    | ResultReported
    | SectionProposed
    | AttemptEnded
    | AttemptLost
    | Watched
)
