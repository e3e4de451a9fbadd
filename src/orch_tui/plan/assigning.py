"""What a person may assign to a section, and which values fit."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import assert_never

from orch_tui.merge_settings import MERGE_STRATEGIES
from orch_tui.plan.edits import Assign, Assignable, Edit
from orch_tui.plan.hint_words import EFFORTS
from orch_tui.yaml_reader import DEAREST

HIGHEST_PRIORITY = 1000
LONGEST_WORD = 200
Known = Mapping[Assignable, Collection[str]]
"""The names that can be assigned, where they are known."""


def unknown_name(edits: Iterable[Edit], known: Known) -> str:
    """Why an assigned agent, workflow or repository cannot be: there is none of that name; "" when there are all."""
    for edit in edits:
        names = known.get(edit.what) if isinstance(edit, Assign) and edit.value else None
        if isinstance(edit, Assign) and names is not None and edit.value not in names:
            return f"there is no {edit.what} {edit.value!r}; known: {', '.join(names)}"
    return ""


def check_value(what: Assignable, value: str) -> str:
    """Why `value` cannot be assigned as `what`; "" when it can. Whether an agent is installed is not known here."""
    if not value:
        return ""
    match what:
        case "budget":
            return _check_budget(value)
        case "priority":
            return _check_priority(value)
        case "effort":
            return "" if value in EFFORTS else f"effort is one of {', '.join(EFFORTS)}, not {value!r}"
        case "merge":
            known = ", ".join(MERGE_STRATEGIES)
            return "" if value in MERGE_STRATEGIES else f"merge is one of {known}, not {value[:60]!r}"
        case "agent" | "model" | "workflow" | "repository":
            if len(value) > LONGEST_WORD or not value.isprintable() or value != value.strip():
                return f"{what} is one word or name of at most {LONGEST_WORD} characters, not {value[:60]!r}"
            return ""
        case _:
            assert_never(what)


def _check_budget(value: str) -> str:
    try:
        amount = float(value)
    except ValueError:
        return f"a budget is a number of US dollars such as 2.50, not {value[:60]!r}"
    if not math.isfinite(amount) or not 0 < amount <= DEAREST:
        return f"a budget is more than 0 and at most {DEAREST:,.0f} US dollars, not {value[:60]!r}"
    return ""


def _check_priority(value: str) -> str:
    try:
        fits = abs(int(value)) <= HIGHEST_PRIORITY
    except ValueError:
        fits = False
    return (
        "" if fits else f"priority is a whole number from -{HIGHEST_PRIORITY} to {HIGHEST_PRIORITY}, not {value[:60]!r}"
    )
