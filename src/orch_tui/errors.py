"""Every error a person can meet, in one tree grouped by who must act.

OrchError                    shown as one line: what is wrong, then what would help
├── UserError                the user's input or command: exit code 1
│   ├── PlanError            a plan file that cannot be read as a plan (file and line when known)
│   ├── ConfigError          a settings file or front matter that is wrong (file and line when known)
│   ├── NotConfirmed         a plan that speaks against itself, approved without a word to that: exit code 10
│   └── CommandError         a command that makes no sense now
├── MachineError        the machine: a missing program, no credentials, rights, disk
│   ├── StateError           the state directory cannot be used (owner, rights, another writer)
│   ├── AgentUnavailable     an agent program is not installed or not logged in
│   └── GitError             git refused
│       └── GitKilled        somebody ended a git of ours, the system where memory is short
└── DamageError              stored data does not check out; the run is read-only until a person has looked
    └── NewerError           it was written by a newer orch-tui: read-only here, and nothing of it is touched
"""

from __future__ import annotations


class OrchError(Exception):
    """Base of all errors meant for people. `str(error)` is one line; `hint` says what would help, or is empty."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def line(self) -> str:
        """The one line a front end prints: message, then the hint."""
        return f"{self} ({self.hint})" if self.hint else str(self)


class UserError(OrchError):
    """The input is wrong; the user can mend it."""


class PlanError(UserError):
    """The file cannot be read as a plan."""


class ConfigError(UserError):
    """A settings file or a plan's front matter is wrong."""


class NotConfirmed(UserError):
    """Only a person can say that it is meant all the same."""


class CommandError(UserError):
    """The command makes no sense in the present state."""


class MachineError(OrchError):
    """Something about the machine must be put right first."""


class StateError(MachineError):
    """The state directory cannot be used."""


class AgentUnavailable(MachineError):
    """The agent program is not installed or has no credentials."""


class GitError(MachineError):
    """git refused, with what it said."""


class GitKilled(GitError):
    """A git of ours was killed in the middle of its work; the step can be done again."""


class DamageError(OrchError):
    """Stored data does not check out: which file, which record, what to do."""


class NewerError(DamageError):
    """Stored data of a newer orch-tui, which means what this one does not know."""
