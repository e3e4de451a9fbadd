"""Events as earlier versions wrote them, brought to how they are written today.

1 to 2: an edge named its `alternatives`, each of which would do as well, where it has a `choice` and an `option` now;
and approvals did not tell what their `graph_sha` is the hash of.
"""

from __future__ import annotations

from typing import Any, cast

Data = dict[str, Any]


def upcast(type_: str, version: int, data: dict[str, object]) -> dict[str, object]:
    """The fields of an event of today."""
    if version > 1:
        return data
    match type_:
        case "PlanRead":
            return _with_choices(data)
        case "RevisionRead":
            return {**data, "read": _with_choices(cast(Data, data.get("read")))}
        case "RunApproved" | "RevisionApproved":
            return {**data, "form": 1}
        case _:
            return data


def _with_choices(read: Data) -> Data:
    edges = cast(list[Data], read.get("dependencies", []))
    if not any(edge.get("alternatives") for edge in edges):
        return read
    known = {(edge["upstream"], edge["downstream"]): edge for edge in edges}
    said: dict[str, dict[frozenset[str], int]] = {}
    out: list[Data] = []
    for edge in edges:
        upstream, downstream = edge["upstream"], edge["downstream"]
        together = [upstream, *edge.get("alternatives", ())]
        if len(together) == 1:
            out.append(edge)
            continue
        groups = said.setdefault(downstream, {})
        if frozenset(together) in groups:
            continue
        groups[frozenset(together)] = number = len(groups) + 1
        pairs = [(name, downstream) for name in together if (name, downstream) in known]
        out += [{**known[pair], "choice": number, "option": at} for at, pair in enumerate(pairs, 1)]
    return {**read, "dependencies": out}
