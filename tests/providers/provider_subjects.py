"""How to make each built-in provider do what the conformance suite asks for."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from orch_tui.agents.base import Block, Provider, Role, Session, SessionEvent, SessionSpec, Text
from orch_tui.agents.claude import ClaudeProvider
from orch_tui.agents.claude.reporting import TOOL
from orch_tui.agents.script import ScriptProvider
from orch_tui.agents.simulated import SimulatedProvider
from orch_tui.testing.agent_env import agent_env
from orch_tui.testing.conformance import Deed
from orch_tui.testing.messages_server import ScriptedMessages
from orch_tui.testing.playbook import Fault, Scene, ToolUse, Turn


class Workplace:
    """Directories and specs for sessions of one test."""

    def __init__(self, provider: Provider, root: Path) -> None:
        self.provider = provider
        self.marker = f"test-{uuid.uuid4()}"
        self.root = root
        self.cwd = root / "work"
        self.scratch = root / "scratch"
        for directory in (self.cwd, self.scratch):
            directory.mkdir()

    def spec(
        self,
        *,
        blocks: Sequence[tuple[str, str]] = (),
        options: Mapping[str, object] | None = None,
        base_url: str = "",
        resume: str = "",
        role: Role = "write",
        deny: tuple[str, ...] = (),
        report: bool = False,
        acceptance: tuple[str, ...] = (),
        upstreams: Mapping[str, str] | None = None,
        budget_usd: float = 0.0,
        output: Mapping[str, object] | None = None,
        spent_usd: float = 0.0,
        **env: str,
    ) -> SessionSpec:
        return SessionSpec(
            provider=self.provider.name,
            run="run",
            section="A",
            attempt=1,
            title="Section A",
            cwd=str(self.cwd),
            brief="Do section A.",
            session_id=resume or str(uuid.uuid4()),
            env=agent_env(self.root / "home", base_url=base_url, marker=self.marker, **env),
            blocks=tuple(Block(shell=shell, text=text, line=at) for at, (shell, text) in enumerate(blocks, 1)),
            role=role,
            deny=deny,
            report=report,
            acceptance=acceptance,
            upstreams=upstreams or {},
            budget_usd=budget_usd,
            output=output,
            options=options or {},
            scratch=str(self.scratch),
            resume=bool(resume),
            spent_usd=spent_usd,
        )

    @asynccontextmanager
    async def session(self, spec: SessionSpec) -> AsyncIterator[Session]:
        session = await self.provider.open(spec)
        try:
            yield session
        finally:
            await session.close()


class ScriptSubject(Workplace):
    flood = 20_000_000

    _SCRIPTS: Mapping[Deed, str] = {
        "succeed": "echo hello\necho world\n",
        "fail": "echo no >&2\nexit 3\n",
        "endless": "setsid sleep 300 >/dev/null 2>&1 &\nfor i in $(seq 600); do echo tick $i; sleep 0.1; done\n",
        "count": "for i in $(seq 40); do echo tick $i; sleep 0.05; done\n",
        "hostile": "printf '\\xff \\x1b[31m [bold red]\\n'\n",
        "flood": "head -c 20000000 /dev/zero | tr '\\0' x\necho\n",
    }

    def __init__(self, root: Path) -> None:
        super().__init__(ScriptProvider(), root)

    @asynccontextmanager
    async def opened(self, deed: Deed) -> AsyncIterator[Session]:
        async with self.session(self.spec(blocks=[("bash", self._SCRIPTS[deed])])) as session:
            yield session

    def done(self) -> bool:
        raise AssertionError("a script asks nothing")

    def heard(self, words: str, events: Sequence[SessionEvent]) -> bool:
        raise AssertionError("a script hears nothing")


class SimulatedSubject(Workplace):
    flood = 20_000_000

    _BEHAVIOURS: Mapping[Deed, Mapping[str, object]] = {
        "succeed": {},
        "fail": {"fail": "agent"},
        "ask": {"permission": True},
        "endless": {"duration": 60, "lines_per_second": 10},
        "count": {"duration": 2, "lines_per_second": 20},
        "hostile": {"hostile": True},
        "flood": {"flood": 20_000_000},
    }

    def __init__(self, root: Path) -> None:
        super().__init__(SimulatedProvider(), root)
        self._allowed = False

    @asynccontextmanager
    async def opened(self, deed: Deed) -> AsyncIterator[Session]:
        async with self.session(self.spec(options=self._BEHAVIOURS[deed])) as session:
            yield session

    def done(self) -> bool:
        return (self.cwd / "simulated" / "A.md").exists()

    def heard(self, words: str, events: Sequence[SessionEvent]) -> bool:
        return any(isinstance(event, Text) and words in event.text for event in events)


class ClaudeSubject(Workplace):
    """The real Claude Code; only the model is scripted."""

    flood = 20_000_000

    _TURNS: Mapping[Deed, Sequence[Turn]] = {
        "succeed": [Turn(say="hello world")],
        "fail": [Turn(fault=Fault(status=400, type="invalid_request_error", message="no such model"))],
        "ask": [Turn(tools=(ToolUse(name="Bash", input={"command": "echo yes > permitted"}),)), Turn(say="done")],
        "endless": [Turn(say="tick " * 2400, piece=5, delay=0.05)],
        "count": [Turn(say="tick " * 40, piece=5, delay=0.05), Turn(say="and done")],
        "hostile": [
            Turn(
                say="\x1b[31m [bold red]",
                tools=(ToolUse(name="Bash", input={"command": "printf '\\xff\\xfe\\n'"}),),
            ),
            Turn(say="done"),
        ],
        "report": [Turn(tools=(ToolUse(name=TOOL, input={"status": "done", "summary": "All of it."}),))],
        "flood": [Turn(say="x" * 20_000_000, piece=256 * 1024)],
    }

    def __init__(self, root: Path) -> None:
        super().__init__(ClaudeProvider(), root)
        self.server = ScriptedMessages([])

    @asynccontextmanager
    async def opened(self, deed: Deed) -> AsyncIterator[Session]:
        async with self.playing(self._TURNS[deed], acceptance=() if deed == "report" else None) as session:
            yield session

    @asynccontextmanager
    async def playing(
        self,
        turns: Sequence[Turn | Scene],
        *,
        options: Mapping[str, object] | None = None,
        resume: str = "",
        role: Role = "write",
        deny: tuple[str, ...] = (),
        acceptance: tuple[str, ...] | None = None,
        upstreams: Mapping[str, str] | None = None,
        budget_usd: float = 0.0,
        output: Mapping[str, object] | None = None,
        spent_usd: float = 0.0,
        **env: str,
    ) -> AsyncIterator[Session]:
        """A session whose model plays `turns`; with `acceptance`, be it (), it has to report a result."""
        given = {"permission_mode": "default", **(options or {})}
        env = {"CLAUDE_CODE_MAX_RETRIES": "1", **env}
        async with ScriptedMessages(turns, reports=False) as self.server:
            spec = self.spec(
                options=given,
                base_url=self.server.url,
                resume=resume,
                role=role,
                deny=deny,
                report=acceptance is not None,
                acceptance=acceptance or (),
                upstreams=upstreams,
                budget_usd=budget_usd,
                output=output,
                spent_usd=spent_usd,
                **env,
            )
            async with self.session(spec) as session:
                yield session

    def done(self) -> bool:
        return (self.cwd / "permitted").exists()

    def heard(self, words: str, events: Sequence[SessionEvent]) -> bool:
        return any(words in text for request in self.server.requests for text in request.texts)


SUBJECTS = {"script": ScriptSubject, "simulated": SimulatedSubject, "claude": ClaudeSubject}
PROVIDERS: Mapping[str, Provider] = {
    "script": ScriptProvider(),
    "simulated": SimulatedProvider(),
    "claude": ClaudeProvider(),
}
