"""Waves of tasks as JSON in a fenced block, as Kiro writes them: `{"waves": [{"id": 0, "tasks": ["1.1"]}, …]}`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orch_tui.plan.data import BrokenDataError, Node, read_json
from orch_tui.plan.document import Document
from orch_tui.plan.names import id_key
from orch_tui.plan.reading import Container, Order, WorkItem

_AFTER = ("dependsOn", "depends_on", "dependencies", "after")
_LARGEST = 200_000
"""Characters of a block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waves:
    """Ids of tasks, wave by wave; `line` and `quote` are of the first wave. Empty when the plan has none.

    `after` are the waves that each one waits for, where the plan says so ("dependsOn"); else it is the one before.
    """

    waves: tuple[tuple[str, ...], ...] = ()
    after: tuple[tuple[int, ...], ...] = ()
    line: int = 0
    quote: str = ""

    def __bool__(self) -> bool:
        return bool(self.waves)

    @property
    def named(self) -> list[str]:
        """All ids in the waves."""
        return [name for wave in self.waves for name in wave]

    def orders(self, ids: Sequence[str], containers: Sequence[Container], items: Sequence[WorkItem]) -> list[Order]:
        """The waves as an order of item numbers; a task with sub-tasks stands for all of them."""
        if not self.waves:
            return []
        at = {id_key(written): number for number, written in enumerate(ids)}
        held: dict[str, list[int]] = {}
        for number, item in enumerate(items):
            for container in item.containers:
                held.setdefault(id_key(containers[container].id), []).append(number)
        groups: list[tuple[int, ...]] = []
        for wave in self.waves:
            keys = [id_key(name) for name in wave]
            meant = [number for key in keys for number in ([at[key]] if key in at else held.get(key, []))]
            groups.append(tuple(dict.fromkeys(meant)))
        pairs = [(before, at) for at, named in enumerate(self.after) for before in named]
        orders = [(groups[before], groups[at]) for before, at in pairs] if self.after else [tuple(groups)]
        return [Order(groups=one, line=self.line, quote=self.quote, implied=False) for one in orders]


def read_waves(document: Document) -> Waves:
    """The first block of waves in the document."""
    for fence in document.fences:
        if fence.language not in {"", "json", "jsonc", "json5"} or fence.end <= fence.line + 1:
            continue
        text = document.text(fence.line + 1, fence.end - 1)
        if '"waves"' not in text or len(text) > _LARGEST:
            continue
        try:
            root = read_json(text, fence.line + 1)
        except BrokenDataError:
            continue
        listed = root.fields.get("waves")
        waves = [_ids(wave) for wave in listed.items] if listed else []
        if listed and any(waves):
            first = next(wave for wave, ids in zip(listed.items, waves, strict=True) if ids)
            quote = " ".join(text[first.start : first.end].split())
            after = _after(listed.items)
            return Waves(waves=tuple(map(tuple, waves)), after=after, line=first.line, quote=quote)
    return Waves()


def _after(waves: Sequence[Node]) -> tuple[tuple[int, ...], ...]:
    """For each wave the numbers of those it names as its upstreams; empty when none names any."""
    place: dict[str, int] = {}
    for at, wave in enumerate(waves):
        for key in ("id", "wave", "name"):
            if key in wave.fields:
                place.setdefault(wave.fields[key].text, at)
    named = [next((wave.fields[key] for key in _AFTER if key in wave.fields), None) for wave in waves]
    out = [tuple(place[one.text] for one in node.items if one.text in place) if node else () for node in named]
    return tuple(out) if any(out) else ()


def _ids(wave: Node) -> list[str]:
    tasks = wave if wave.kind == "list" else wave.fields.get("tasks")
    if tasks is None:
        return []
    return [one.text or (one.fields["id"].text if "id" in one.fields else "") for one in tasks.items]
