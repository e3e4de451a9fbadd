"""The seam between orch-tui and agent programs: `Provider` opens a `Session`, a session yields `SessionEvent`s.

A provider is found by entry point (group `orch_tui.agents`); nothing else in the project names one. Sessions live in
the session host process only, so heavy imports belong inside `open`. Shape after pydantic-ai's provider seam: small
protocol, declared capabilities, fakes are providers too, one conformance suite (`orch_tui.testing.conformance`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

Role = Literal["write", "read-only"]
AskKind = Literal["permission", "question"]
Outcome = Literal["succeeded", "failed", "interrupted"]
FailureClass = Literal[
    "",
    "script",  # a block of the section ended with a code other than 0
    "agent",  # the agent said it failed, or did not say how it went
    "blocked",  # the agent said that only a person can bring it forward
    "disk",  # no room for what its host had to write
    "usage-limit",
    "rate-limit",  # too many requests, of which no window is known
    "overload",
    "network",
    "auth",
    "billing",
    "context",  # prompt too long
    "turns",  # the agent's own limit of turns
    "budget",  # it cost more than it might
    "unavailable",  # the program is not installed
    "interrupted",
    "crash",  # the agent program ended without a result
    "session",  # there is no such session to go on with, or somebody has it
    "startup",  # it did not come up
    "stall",  # it did nothing any more
    "tool-hang",  # one of its tools did not end
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a provider can do; front ends grey out the rest."""

    steer: bool = False
    interrupt: bool = False
    pause: bool = False
    resume: bool = False
    approvals: bool = False
    cost: bool = False
    structured: bool = False
    """It can report a result when it is told to."""
    prewarm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One shell block of the section, for providers that run them.

    `line` is the line of its fence in the plan, 0 when it is of a text made of data.
    """

    shell: str
    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskLimits:
    """Bytes: the largest file that processes of the session write, what is kept of its transcript, and what its private
    files may take; 0 for no limit. The host keeps them, not the provider."""

    file: int = 0
    transcript: int = 0
    scratch: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSpec:
    """Everything a provider is told. Stored as `spec.json` beside the attempt.

    `env` is the complete environment of the agent program (already reduced to the allow-list, with the run marker);
    `options` are the provider's own settings from the configuration; `seed` makes simulated behaviour repeatable;
    `resume` asks to continue the session `session_id` instead of starting it.
    """

    provider: str
    run: str
    section: str
    attempt: int
    title: str
    cwd: str
    brief: str
    session_id: str
    env: Mapping[str, str]
    model: str = ""
    effort: str = ""
    blocks: tuple[Block, ...] = ()
    role: Role = "write"
    """What it may do in `cwd`. Whatever a provider does about it, the tree is compared afterwards."""
    deny: tuple[str, ...] = ()
    """Patterns of shell commands that are never run (`agents/denied.py`)."""
    budget_usd: float = 0.0
    """US dollars the session may cost; 0 for no limit. It is ended once it tells that it cost more."""
    count: bool = False
    """Whether the brief's tokens are to be counted by the agent's service, where it is a `Counter`."""
    report: bool = False
    """Whether the session has to report a result (`agents/result.py`); for providers that can (`structured`)."""
    output: Mapping[str, Any] | None = None
    """The JSON Schema of what has to come with the result; None for nothing."""
    acceptance: tuple[str, ...] = ()
    """The section's criteria, for each of which a result gives evidence."""
    upstreams: Mapping[str, str] = field(default_factory=dict[str, str])
    """The sections it builds on, and the file with the result of each (`result.json`)."""
    options: Mapping[str, object] = field(default_factory=dict[str, object])
    scratch: str = ""
    """A private directory the provider may write to (configuration, wrappers); removed with the attempt."""
    seed: int = 0
    resume: bool = False
    limits: DiskLimits = DiskLimits()
    spent_usd: float = 0.0
    """What a session that is resumed is known to have cost before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The agent program is up. `session_id` is its own id when it has one.

    `resumable`: another process can go on with the session, and its agent can be told how its work stands.
    """

    session_id: str
    model: str = ""
    resumable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words of the agent or output of the script. A piece without a newline at its end may be continued by the next.

    `stream` tells two writers apart ("out", "err" for a script; "" otherwise).
    """

    text: str
    stream: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thinking:
    """Reasoning the agent shows; may come in pieces like Text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """The agent uses a tool. `input` is a short form for people; `id` pairs it with its result."""

    name: str
    input: str
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolResult:
    """What a tool gave back, shortened for people."""

    text: str
    id: str = ""
    is_error: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Consumption so far in this session (cumulative). Cost in US dollars; None means the provider does not know it."""

    cost_usd: float | None
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """The agent waits for a person. `options` are the possible decisions; () means free text.

    A permission is answered "allow" or "deny"; an agent that can keep it in mind for its session offers "always" and
    "never" beside them. A question is answered with one of its options or free text.
    """

    request_id: str
    kind: AskKind
    title: str
    detail: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskClosed:
    """The ask needs no answer any more: it was answered (`by_answer`), or the agent went on without."""

    request_id: str
    by_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something between agent, service and person.

    `kind`: "retry", "limit", "near-limit", "fallback", "steer", "paused", "resumed", "denied", "warning". `until` is a
    wall time (seconds since the epoch) when the notice names one, else 0.
    """

    kind: str
    text: str
    until: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """The agent proposes a section that the plan does not have (`agents/proposing.py`); a person decides about it.

    `after` and `before` name the sections it comes after and before; `why` is for the person, `text` for the section's
    agent.
    """

    title: str
    text: str
    why: str
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    verify: tuple[str, ...] = ()
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The session is over; always the last event. `summary` is the result in the agent's words.

    `until` is the stated reset time of a limit (seconds since the epoch), else 0. `exit_code` is None when there is
    none.
    """

    outcome: Outcome
    failure: FailureClass = ""
    message: str = ""
    summary: str = ""
    cost_usd: float | None = None
    exit_code: int | None = None
    until: float = 0.0
    structured: Mapping[str, object] | None = None
    """What was reported, by `SCHEMA` of `agents/result.py`; None when nothing was."""
    tools: int | None = None
    """How many tools it used, reporting apart; None when nobody counted."""


SessionEvent = Started | Text | Thinking | Tool | ToolResult | Usage | Ask | AskClosed | Notice | Proposed | Ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A person's answer to an ask: `choice` is one of its options or ""; `text` a reason or free answer."""

    choice: str
    text: str = ""


class Session(Protocol):
    """One live agent session. All methods may be called while `events` is being read.

    A method for something the provider's capabilities deny raises NotImplementedError.
    """

    def events(self) -> AsyncIterator[SessionEvent]:
        """Everything that happens, in order, ending with exactly one `Ended`. To be read once, by one reader."""
        ...

    async def send(self, text: str) -> None:
        """Steer: give the running agent another message. It is taken in at the next possible point."""
        ...

    async def answer(self, request_id: str, decision: Decision) -> bool:
        """Answer an ask; False when it is not open (any more)."""
        ...

    async def interrupt(self) -> None:
        """Ask the agent to stop what it is doing; the session then ends with outcome "interrupted"."""
        ...

    async def pause(self) -> None:
        """Hold the agent where it is; nothing is lost."""
        ...

    async def resume(self) -> None:
        """Let a paused agent go on."""
        ...

    async def close(self) -> None:
        """End the session and every process it started. Safe to call twice and during cancellation."""
        ...


@runtime_checkable
class Provider(Protocol):
    """A kind of agent program. Instances are cheap and hold no session state."""

    name: str
    capabilities: Capabilities
    passes: tuple[str, ...]
    """Environment variables its program may be given beyond the harmless ones: names or patterns ("ANTHROPIC_*")."""

    def check(self, env: Mapping[str, str], options: Mapping[str, object]) -> str:
        """ "" when a session could be opened now, else one line saying what is missing and how to set it up.

        Must be quick (no network, no heavy import): it runs in the runner before anything is dispatched.
        """
        ...

    async def open(self, spec: SessionSpec) -> Session:
        """Start the agent program for `spec`. Raises AgentUnavailable with how to set it up."""
        ...


@runtime_checkable
class Counter(Protocol):
    """What a provider may offer beside: its service counts tokens."""

    async def count_tokens(self, text: str, *, model: str, env: Mapping[str, str]) -> int | None:
        """The tokens of a message with this text for `model`, as the agent program names it; None: nobody can say.

        `env` is that of the agent program. Costs nothing; may wait, and is given up by whoever calls.
        """
        ...
