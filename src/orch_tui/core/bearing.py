"""Rules that bear on a section: what the plan says of its phase and of all of them, the project's words to agents."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from orch_tui.clean import clean, one_line
from orch_tui.core import repositories
from orch_tui.core.plan_text import PlanText
from orch_tui.core.run_events import RuleFile
from orch_tui.core.state import SectionState, State

_UNDERLINE = re.compile(r"\s*(?:=+|-+)\s*")


@dataclass(slots=True, kw_only=True)
class Rule:
    """Words that hold for a section; `title` is the heading in the plan or the path of the file they are from."""

    title: str
    text: str


def rules_for(state: State, section: SectionState, text: PlanText) -> list[Rule]:
    """What the plan says first; of the files those of directories in which the section's files are, and the top's."""
    said = [_rule_of(words) for words in text.around(section)]
    said += [
        Rule(title=one_line(one.path), text=clean(one.text, tab_size=0).strip())
        for one in repositories.rules(state, section)
        if _is_below(one, section.hints.files)
    ]
    return list({rule.text: rule for rule in reversed(said)}.values())[::-1]


def _rule_of(words: str) -> Rule:
    head, _, rest = words.partition("\n")
    under, _, more = rest.partition("\n")
    body = more if under and _UNDERLINE.fullmatch(under) else rest
    return Rule(title=one_line(head.strip().strip("#")), text=clean(body, tab_size=0).strip())


def _is_below(rule: RuleFile, files: Iterable[str]) -> bool:
    return not rule.below or any(
        f"{name.removeprefix('./').lstrip('/')}/".startswith(f"{rule.below}/") for name in files
    )
