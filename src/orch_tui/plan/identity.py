"""The final ids of items: as written, from the title where none is written, `~2` for the second of a kind."""

from __future__ import annotations

from collections.abc import Sequence

from orch_tui.plan import findings
from orch_tui.plan.model import Finding
from orch_tui.plan.names import id_from_title, id_key
from orch_tui.plan.reading import WorkItem


def final_ids(items: Sequence[WorkItem]) -> tuple[list[str], list[Finding]]:
    """One unique id for each item, in order, and a finding for each id that was used before."""
    ids: list[str] = []
    found: list[Finding] = []
    first: dict[str, int] = {}
    used: dict[str, int] = {}
    for item in items:
        written = item.id or id_from_title(item.title)
        key = id_key(written) or written
        used[key] = used.get(key, 0) + 1
        if used[key] == 1:
            first[key] = item.line
            ids.append(written)
        else:
            ids.append(f"{written}~{used[key]}")
            found.append(findings.duplicate(ids[-1], written, item.line, first[key]))
    return ids, found
