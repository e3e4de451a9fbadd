"""What a look at a state directory finds: an invariant that does not hold, something left over, or worth knowing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from orch_tui.invariants.violation import Violation

Repair = Literal[
    "", "cut tail", "fold anew", "rewrite", "private", "remove", "end processes", "release worktree", "unlock git"
]
"""What is safe to do about it: cut a torn tail (it is kept aside), throw the snapshot away, derive a file anew, set the
mode, remove a leftover file, end processes, save what a worktree holds to a ref and remove it, remove a stale lock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`text` is a sentence for people, `helps` says what would help. `invariant` is "" where none is broken.

    `path` is the file, or the worktree, that it is about; `named` what else a repair needs (a marker, a repository).
    """

    text: str
    helps: str = ""
    invariant: str = ""
    section: str = ""
    path: str = ""
    named: str = ""
    repair: Repair = ""
    harmless: bool = False
    """Worth knowing, and nothing to be done about."""

    @property
    def violation(self) -> Violation | None:
        """It as a broken invariant; None where it is none."""
        if not self.invariant:
            return None
        return Violation(invariant=self.invariant, text=self.text, section=self.section)


def broken(violation: Violation) -> Finding:
    """A broken invariant as a finding."""
    return Finding(text=violation.text, invariant=violation.invariant, section=violation.section)
