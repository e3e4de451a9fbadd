"""Which findings of a reading still stand once the graph was mended, and which circles there are now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from orch_tui.plan import findings
from orch_tui.plan.checks.overlap import Naming, overlaps
from orch_tui.plan.dag import Graph
from orch_tui.plan.edits import named
from orch_tui.plan.mending import Mended, unapplied_message
from orch_tui.plan.model import Exclusion, Finding, Hints
from orch_tui.plan.passing import passing


def standing(
    read: Iterable[Finding], parts: Sequence[Naming], mended: Mended, exclusions: Iterable[Exclusion] = ()
) -> tuple[Finding, ...]:
    """The findings of `read` that mends did not answer, and edits that do not fit.

    What follows from the graph alone is looked for anew among what will run: circles, and files that sections which
    may run side by side both name.
    """
    lines = {part.id: part.lines[0] for part in parts}
    over = {*mended.done, *mended.left_out}
    graph = mended.graph
    mends_graph = any(edge.kind == "mended" for edge in mended.dependencies)
    kept = [
        finding
        for finding in read
        if finding.type not in _ANEW
        and not _placed(finding, mended)
        and not _answered(finding, graph, over, mended.left_out, mends_graph=mends_graph)
    ]
    running = graph.without(over)
    kept += findings.cycles(running, lines)
    apart = {frozenset((pair.one, pair.other)) for pair in exclusions}
    order = passing(graph, mended.done, mended.left_out)
    kept += overlaps([_Open(part) for part in parts if part.hints.files and part.id in running], order, apart)
    kept += [
        findings.finding(
            "mend-not-applied", tuple(name for name in named(left.edit) if name in lines), 0, unapplied_message(left)
        )
        for left in mended.unapplied
    ]
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class _Open:
    """A section that will run, whatever the plan's own mark says."""

    part: Naming
    done: bool = False

    @property
    def id(self) -> str:
        return self.part.id

    @property
    def lines(self) -> tuple[int, int]:
        return self.part.lines

    @property
    def hints(self) -> Hints:
        return self.part.hints


def _placed(finding: Finding, mended: Mended) -> bool:
    """Whether a person said of sections in an unknown repository in which one they are done."""
    assigned = (mended.assigned.get(name, {}) for name in finding.ids)
    return finding.type == "unknown-repository" and all(one.get("repository") for one in assigned)


def _answered(
    finding: Finding, graph: Graph, over: set[str], left_out: Mapping[str, str], *, mends_graph: bool
) -> bool:
    if finding.type == "no-dependencies-stated":
        return mends_graph
    answer = _ANSWERS.get(finding.type)
    known = [name for name in finding.ids if name in graph]
    if answer is None or not known:
        return False
    return answer(known, graph, over, left_out)


_ANEW = frozenset({"cycle", "file-overlap"})

_Answer = Callable[[Sequence[str], Graph, "set[str]", Mapping[str, str]], bool]


def _none_runs(ids: Sequence[str], _graph: Graph, over: set[str], _left_out: Mapping[str, str]) -> bool:
    return all(name in over for name in ids)


def _at_most_one_runs(ids: Sequence[str], _graph: Graph, over: set[str], _left_out: Mapping[str, str]) -> bool:
    return sum(name not in over for name in ids) <= 1


def _one_was_chosen(ids: Sequence[str], _graph: Graph, over: set[str], left_out: Mapping[str, str]) -> bool:
    return any(name in left_out for name in ids) or all(name in over for name in ids)


def _no_order_between(ids: Sequence[str], graph: Graph, over: set[str], _left_out: Mapping[str, str]) -> bool:
    if len(ids) != 2:
        return _none_runs(ids, graph, over, {})
    return _at_most_one_runs(ids, graph, over, {}) or not _ordered(ids, graph)


def _all_have_edges(ids: Sequence[str], graph: Graph, over: set[str], _left_out: Mapping[str, str]) -> bool:
    return all(name in over or graph.upstreams(name) or graph.downstreams(name) for name in ids)


def _can_start(ids: Sequence[str], graph: Graph, over: set[str], _left_out: Mapping[str, str]) -> bool:
    return all(name in over for name in ids) or set(ids) <= {*graph.order(), *over}


def _ordered(ids: Sequence[str], graph: Graph) -> bool:
    one, other = ids
    return bool(graph.path(one, other) or graph.path(other, one))


_ANSWERS: dict[str, _Answer] = {
    "deferred-item": _none_runs,
    "too-large": _none_runs,
    "orphaned": _all_have_edges,
    "unreachable": _can_start,
    "external-dependency": _none_runs,
    "unknown-repository": _none_runs,
    "contradiction": _no_order_between,
    "exclusive": _at_most_one_runs,
    "alternatives": _one_was_chosen,
}
"""When a finding about sections is answered by what people did; the other types stand as they were read."""
