"""The messages of the commits that a run makes: subject, what was done, and trailers that say where it comes from.

What sessions say of their work is foreign text: it stays in the middle, cleaned and cut, where nothing in it is taken
for a subject or a trailer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from orch_tui.clean import clean, one_line
from orch_tui.core import flowing
from orch_tui.core.repositories import merged_in
from orch_tui.core.state import AttemptState, SectionState, State

_LONGEST = 4000
"""Characters of what a session said."""
_SHORT = 300
_MEANT = re.compile("^(?=---|#)", re.MULTILINE)
"""Lines that git takes for the beginning of a patch, or for a comment."""


def of_work(state: State, section: SectionState, attempt: AttemptState) -> str:
    """What an attempt left in its worktree."""
    more = {"Orch-Section": one_line(section.id), "Orch-Attempt": str(attempt.number)}
    return _message(_subject(section), _said(attempt.summary), state, more)


def of_merge(state: State, section: SectionState, branch: str) -> str:
    """A section's work on the integration branch."""
    decisions = [f"- {one_line(one, 500)}" for one in flowing.decisions(section)]
    body = "\n\n".join(
        filter(None, (_said(flowing.summary(section)), "\n".join(decisions and ["Decided:", *decisions])))
    )
    return _message(_subject(section), body, state, {"Orch-Section": one_line(section.id), "Orch-Branch": branch})


def of_revert(state: State, section: SectionState) -> str:
    """A section's work taken off the integration branch."""
    return _message(f"Revert {_subject(section)}", "", state, {"Orch-Section": one_line(section.id)})


def of_landing(state: State, repository: str) -> str:
    """A whole run on the user's own branch of a repository ("": the project's own): its title, and what each section
    that was merged there did."""
    body = "\n".join(_merged(state, repository))
    return _message(one_line(state.title, 60) or state.run, body, state, {})


def _merged(state: State, repository: str) -> Iterator[str]:
    for section in state.sections.values():
        if section.verdict == "done" and repository in merged_in([section]):
            yield f"- {_subject(section)}"
            if words := one_line(section.summary, _SHORT):
                yield f"  {words}"


def _subject(section: SectionState) -> str:
    return f"{one_line(section.id, 40)}: {one_line(section.title, 100)}"


def _said(words: str) -> str:
    words = clean(words).strip()
    cut = words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"
    return _MEANT.sub(" ", cut)


def _message(subject: str, body: str, state: State, more: dict[str, str]) -> str:
    trailers = "\n".join(f"{name}: {value}" for name, value in {"Orch-Run": state.run, **more}.items())
    return "\n\n".join(filter(None, (subject, body.strip("\n"), trailers))) + "\n"
