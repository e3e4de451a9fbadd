"""How well findings are told: for each type the labelled plans in which it is found, missed, or a false alarm.

    python benchmarks/finding_score.py FOLDER       labels `NAME.expected.yaml` beside their plans, in FOLDER or below

A plan counts once for each type, however many findings of it there are. `plan_score.py` prints this table too.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from orch_tui.plan.decoding import decode
from orch_tui.plan.parsing import parse

MATTER_MOST = (
    "cycle",
    "unknown-reference",
    "duplicate-id",
    "self-reference",
    "not-a-plan",
    "no-dependencies-stated",
)
"""The types on which careful people agree."""
_JUDGEMENT = (
    "contradiction",
    "status-conflict",
    "ambiguous-reference",
    "external-dependency",
    "deferred-item",
)
"""The other types that labels have; two people who label the same plan often disagree about them."""
_PLANS = (".md", ".json", ".jsonl", ".yaml")
_SUFFIX = ".expected.yaml"


@dataclass(slots=True, kw_only=True)
class Tally:
    """Names of the plans in which a type of finding is right, missed, or told without need."""

    right: list[str] = field(default_factory=list[str])
    missed: list[str] = field(default_factory=list[str])
    alarms: list[str] = field(default_factory=list[str])

    def row(self, name: str) -> str:
        """One line of the table."""
        told, meant = len(self.right) + len(self.alarms), len(self.right) + len(self.missed)
        precision = len(self.right) / told if told else 1.0
        recall = len(self.right) / meant if meant else 1.0
        where = "".join(f"  {mark}{plan}" for mark, plans in (("-", self.missed), ("+", self.alarms)) for plan in plans)
        counts = f"{len(self.right):5d} {len(self.missed):6d} {len(self.alarms):6d}"
        return f"  {name:24} {counts}   P {precision:.2f}  R {recall:.2f}{where}"


def tallies(plans: Iterable[tuple[str, set[str], set[str]]]) -> Mapping[str, Tally]:
    """For plans as (name, types in the label, types told), one tally for each type."""
    out: dict[str, Tally] = defaultdict(Tally)
    for name, meant, told in plans:
        for kind in meant & told:
            out[kind].right.append(name)
        for kind in meant - told:
            out[kind].missed.append(name)
        for kind in told - meant:
            out[kind].alarms.append(name)
    return out


def table(found: Mapping[str, Tally]) -> str:
    """The types that matter most, their sum, and below it the types that are judgement."""
    head = f"  {'findings, by plan':24} right missed alarms   (-missed +alarm)"
    rows = [found.get(kind, Tally()).row(kind) for kind in MATTER_MOST]
    total = Tally()
    for kind in MATTER_MOST:
        one = found.get(kind, Tally())
        total.right += one.right
        total.missed += one.missed
        total.alarms += one.alarms
    counts = (len(total.right), len(total.missed), len(total.alarms))
    share = counts[0] / sum(counts) if sum(counts) else 1.0
    summed = f"  {'these six':24} {counts[0]:5d} {counts[1]:6d} {counts[2]:6d}   right in {share:.3f}"
    judged = [found[kind].row(kind) for kind in _JUDGEMENT if kind in found]
    return "\n".join([head, *rows, summed, *judged])


def labelled(folder: Path) -> Iterable[tuple[str, set[str], set[str]]]:
    """Every labelled plan below a folder: its name, the types of its label, the types told."""
    for label in sorted(folder.rglob(f"*{_SUFFIX}")):
        stem = label.name.removesuffix(_SUFFIX)
        beside = (label.with_name(f"{stem}{kind}") for kind in _PLANS)
        plan = next((path for path in beside if path.exists()), None)
        if plan:
            meant = {one["type"] for one in yaml.safe_load(label.read_text(encoding="utf-8")).get("findings") or ()}
            yield plan.name, meant, {str(one.type) for one in parse(decode(plan.read_bytes())).findings}


def main(arguments: list[str]) -> int:
    """Prints the table for a folder."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("finding score: give a folder with labelled plans")
        return 2
    print(table(tallies(labelled(Path(arguments[0])))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
