"""What a person is asked in a run: a permission, a question, an approval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class AskState:
    """Something an agent waits for. `at` is the wall time it was raised."""

    request_id: str
    section: str
    attempt: int
    kind: Literal["permission", "question", "approval"]
    """An approval is asked for by a phase of the section's workflow, the others by its agent."""
    title: str
    detail: str
    options: tuple[str, ...]
    at: float
    phase: str = ""
    """The phase that asks for approval."""

    @property
    def choices(self) -> tuple[str, ...]:
        """How it can be answered without own words."""
        return self.options or (("allow", "deny") if self.kind == "permission" else ())
