"""What checks the sections of a plan, and which of them nothing checks, as front ends say it before the approval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from orch_tui.clean import clean, one_line
from orch_tui.core import flowing, repositories
from orch_tui.core.edition import Edition
from orch_tui.core.state import SectionState

_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The commands that check a section.

    `by`: "plan", its own words, the front matter or the settings say so; "project", the project's files do, which may
    change until then; "unseen", nobody looked at those; "nothing".
    """

    by: Literal["plan", "project", "unseen", "nothing"]
    commands: tuple[str, ...] = ()


def checked_by(edition: Edition, section: SectionState) -> Checked | None:
    """What checks a section; None where its workflow does not."""
    stated = flowing.checked_by(edition.read, section)
    if stated is None:
        return None
    if stated:
        return Checked(by="plan", commands=tuple(map(clean, stated)))
    found = repositories.discovered(edition.read, section)
    if found is None:
        return Checked(by="unseen")
    return Checked(by="project", commands=tuple(map(clean, found))) if found else Checked(by="nothing")


def asks_unchecked(edition: Edition, section: SectionState) -> bool:
    """Whether nothing checks a section that is still to be done, and a person is needed therefore."""
    if section.verdict or not flowing.needs_checks(edition.read, section):
        return False
    checked = checked_by(edition, section)
    return checked is not None and checked.by == "nothing"


def words(edition: Edition, sections: Mapping[str, SectionState]) -> str:
    """Which sections nothing checks, what that means for the run, and what would help; "" when there are none."""
    found = [name for name, section in sections.items() if asks_unchecked(edition, section)]
    if not found:
        return ""
    named = ", ".join(map(one_line, found[:_NAMED])) + (" …" if len(found) > _NAMED else "")
    total = sum(not section.verdict for section in sections.values())
    if total == 1:
        who, each = f"section {named}", "it"
    elif len(found) == total:
        who, each = f"any of the {total} sections", "each"
    else:
        who, each = f"{len(found)} of {total} sections ({named})", "each" if len(found) > 1 else "it"
    return (
        f"Nothing checks {who} so far: after its work {each} will ask you to look at it. "
        "To let it go on by itself, write `Verify: COMMAND` into a section, or `checks: [COMMAND]` into the front "
        "matter or the settings; `workflow: minimal` there goes on unchecked."
    )
