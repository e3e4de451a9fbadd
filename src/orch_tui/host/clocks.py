"""When a session is taken for dead though its program is there: it does not come up, or does nothing any more.

Counted in monotonic seconds, so that neither a clock that is set nor a machine that sleeps ends anything. Who waits for
a person, or is held, is not waited for. The limits are above what Claude Code does by itself about a service that says
nothing: it asks again after 300 s, and 361 s when not even a first byte came.
"""

from __future__ import annotations

from dataclasses import dataclass

from orch_tui.agents.base import Ask, AskClosed, FailureClass, Notice, SessionEvent, Started, Tool, ToolResult
from orch_tui.clock import span


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """Seconds: until something is heard of a session, of silence, of a tool without a result, to close it; and how
    often it is looked. `busy` is the share of a processor that is work though nothing is heard."""

    startup: float = 60.0
    idle: float = 600.0
    tool: float = 3600.0
    tool_grace: float = 60.0
    close: float = 30.0
    look: float = 5.0
    busy: float = 0.01


Verdict = tuple[FailureClass, str]


class Watchdog:
    """Hears what a session says and judges its silence. `now` is always in monotonic seconds."""

    def __init__(self, clocks: Clocks, now: float) -> None:
        self._clocks = clocks
        self._heard = now
        self._up = False
        self._talks = False
        """Whether it is an agent's session: programs may be silent for as long as they like."""
        self._tools: set[str] = set()
        self._asks: set[str] = set()
        self._held = False
        self._told = 0.0
        """When the hanging tool was told to end; 0: it was not."""
        self._used: tuple[float, float] | None = None
        """When the processor's time was looked at in this silence, and what it was."""

    def hear(self, event: SessionEvent, now: float) -> None:
        """Something was said."""
        self._heard, self._up, self._used, self._told = now, True, None, 0.0
        match event:
            case Started(resumable=talks):
                self._talks = talks
            case Tool(id=name):
                self._tools.add(name)
            case ToolResult(id=name):
                self._tools.discard(name)
            case Ask(request_id=name):
                self._asks.add(name)
            case AskClosed(request_id=name):
                self._asks.discard(name)
            case Notice(kind="paused" | "resumed" as kind):
                self._held = kind == "paused"
            case _:
                pass

    def watches_work(self, now: float) -> bool:
        """Whether the processor's time is to be looked at: its silence gets long."""
        return self._talks and not self._tools and now - self._heard > self._clocks.idle / 2

    def hung_tool(self, now: float) -> bool:
        """Whether its tool is to be told to end, once; the session may then go on."""
        hangs = self._talks and bool(self._tools) and now - self._heard > self._clocks.tool and not self._told
        if hangs and not self._waits():
            self._told = now
            return True
        return False

    def judge(self, now: float, used: float = 0.0) -> Verdict | None:
        """What is wrong with the session, as class and words; `used` are the processor's seconds its programs have had.

        None while nothing is.
        """
        clocks = self._clocks
        if self._waits():
            self._heard, self._used = now, None
            return None
        silent = now - self._heard
        if not self._up:
            return (
                ("startup", f"nothing was heard of it within {span(clocks.startup)}")
                if silent > clocks.startup
                else None
            )
        if not self._talks:
            return None
        if self._tools:
            over = self._told and now - self._told > clocks.tool_grace
            return ("tool-hang", f"a tool did not end within {span(clocks.tool)}") if over else None
        if silent <= clocks.idle:
            if self._used is None and self.watches_work(now):
                self._used = (now, used)
            return None
        since, before = self._used or (self._heard, used)
        if used - before >= clocks.busy * max(now - since, 1e-9):
            self._used = (now, used)
            return None
        return "stall", f"nothing was heard of it for {span(clocks.idle)}, and it did nothing"

    def _waits(self) -> bool:
        return bool(self._asks) or self._held
