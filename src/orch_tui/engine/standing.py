"""Where an attempt works: its worktree, or the user's own directory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orch_tui.core.attempt_events import AttemptLost, NoticeRaised, WorktreeReady
from orch_tui.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A worktree that stands at the commit `base` (hex) or beyond; `said` is what a person should know about it."""

    path: Path
    branch: str
    base: str
    said: tuple[str, ...] = ()
    checkout: str = ""
    """What the user's own checkout looked like just then."""
    bare: bool = False
    """It was gone, is made again, and nobody may work there before it is set up."""
    repository: str = ""
    """The top of that checkout; "": the project's own."""

    def told(self, section: str, attempt: int, head: str) -> list[Event]:
        """That it stands, and what follows for an attempt that was to work there."""
        at = {"path": str(self.path), "branch": self.branch, "base": self.base, "head": head}
        events: list[Event] = [
            WorktreeReady(
                section=section,
                attempt=attempt,
                **at,
                checkout=self.checkout,
                bare=self.bare,
                repository=self.repository,
            ),
            *(NoticeRaised(section=section, attempt=attempt, n=0, kind="warning", text=words) for words in self.said),
        ]
        if self.bare:
            why = "its worktree was gone and is set up again"
            events.append(AttemptLost(section=section, attempt=attempt, why=why, swept=0, counted=False))
        return events
