"""The final ids of items: as written, from the title where none is written, `~2` for the second of a kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orch_tui.plan import findings
from orch_tui.plan.model import Finding
from orch_tui.plan.names import id_from_title, id_key
from orch_tui.plan.reading import WorkItem


def final_ids(items: Sequence[WorkItem]) -> tuple[list[str], list[Finding]]:
    """One unique id for each item, in order, and a finding for each run of ids that were used before.

    Ids that follow one another in one part of the plan are one finding: there the numbering simply starts again.
    """
    ids: list[str] = []
    runs: list[list[int]] = []
    first: dict[str, int] = {}
    used: dict[str, int] = {}
    for at, item in enumerate(items):
        written = item.id or id_from_title(item.title)
        key = id_key(written) or written
        used[key] = used.get(key, 0) + 1
        if used[key] == 1:
            first[key] = item.line
            ids.append(written)
            continue
        ids.append(f"{written}~{used[key]}")
        if not item.id:
            continue  # nobody wrote an id: two items of one title are told of where a reference fits both
        if runs and runs[-1][-1] == at - 1 and item.containers == items[at - 1].containers:
            runs[-1].append(at)
        else:
            runs.append([at])
    return ids, [_told(run, items, ids, first) for run in runs]


def _told(run: Sequence[int], items: Sequence[WorkItem], ids: Sequence[str], first: Mapping[str, int]) -> Finding:
    written = [ids[at].rpartition("~")[0] for at in run]
    lines = [first[id_key(name) or name] for name in written]
    return findings.duplicate([ids[at] for at in run], written, items[run[0]].line, min(lines))
