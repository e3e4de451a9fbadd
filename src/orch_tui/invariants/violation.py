"""An invariant that does not hold, and where; and what ends a runner that would break one."""

from __future__ import annotations

from dataclasses import dataclass

from orch_tui.errors import DamageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """`invariant` is a name of `table.py` ("I4"), `text` a sentence for people, `section` the id it is about or ""."""

    invariant: str
    text: str
    section: str = ""

    def line(self) -> str:
        """One line of it."""
        return f"{self.invariant}: {f'section {self.section!r}: ' if self.section else ''}{self.text}"


class Broken(DamageError):
    """What is about to be recorded cannot be: the state in memory, or the program, is wrong. Nothing goes on by it."""

    def __init__(self, violation: Violation) -> None:
        self.violation = violation
        super().__init__(
            f"an invariant does not hold ({violation.line()}): nothing more is started, agents at work go on",
            hint="`orch-tui doctor` looks at the run; `orch-tui resume` goes on when it is as you want it",
        )
