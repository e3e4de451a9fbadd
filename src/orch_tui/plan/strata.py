"""A level of a plan whose members might be its sections: the headings of one depth, the items of one list, a table.

Every family of free-form plans offers the levels it finds; which one the plan speaks about is decided for all of them
together (`freeform`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from orch_tui.plan.document import Document
from orch_tui.plan.findings import Finding
from orch_tui.plan.reading import Statement, WorkItem
from orch_tui.plan.statements import in_lines, in_running_text, paragraphs
from orch_tui.plan.titles import titled
from orch_tui.plan.trie import any_of
from orch_tui.plan.value import value

_NO_WORK = """
    overview, introduction, background, context, note, notes, risk, risks, goal, goals, objective, objectives,
    non-goals, scope, out of scope, summary, executive summary, appendix, future, not part, references, glossary,
    decision, decisions, open questions, questions, success criteria, success metrics, dependency, dependencies,
    timeline, assumptions, status, table of contents, changelog, parallel, parallelization, acceptance,
    requirements, architecture, motivation, why, benefits, example, examples, template, templates,
    testing strategy, test strategy, rollback, next steps, next step, metrics, principles, current state,
    current status, current transitional, constraints, legend, reading guide, how to, definition of done,
    critical path, execution strategy, implementation strategy, estimate, estimates, estimated, resources, team,
    what to do first, what can run, notas, nota, hinweise, anmerkungen, remarques, remarque,
    überblick, einleitung, hintergrund, risiken, ziel, ziele, offene punkte,
    offene fragen, nichtziele, nicht-ziele, ressourcen, zeitplan, kontext, anhang, abhängigkeiten, risiken und,
    resumen, riesgos, objetivo, objetivos, criterios, no objetivos, decisiones, decision, preguntas, contexto,
    alcance, principios, dependencias, aperçu, risques, objectif, objectifs, contexte, critères, hors périmètre,
    annexe, questions ouvertes, dépendances, 关键路径, 下一步, 注意事项, 并行, クリティカルパス, 次のステップ,
    概述, 背景, 风险, 目标, 非目标, 附录, 总结, 参考, 概要, 验收, 成功标准, 依赖关系, リスク, 目的, 参考資料,
    備考, 注意, 目標, 現状, ゴール, 成功基準, 前提条件, まとめ, 依存関係, 完了チェック, 完了条件, 受け入れ条件,
    受け入れ基準
"""
_OPENING = any_of(_NO_WORK)
_WORK = re.compile(
    r"\b(?:tasks?|tickets|to-?dos?|plan|steps|implementation|work|slices?|backlog|roadmap|checklist|milestones?|phases?|stages"
    r"|(?:\w*)(?:schritte|aufgaben|arbeitspakete|meilensteine|etappen)|umsetzung|implementierung"
    r"|tareas|pasos|fases|etapas|hitos|implementación|tâches|étapes|jalons|lots|mise en œuvre|tarefas|passos)\b"
    r"|任务|步骤|阶段|实施|里程碑|计划|タスク|ステップ|フェーズ|手順|実装|作業|計画|마일스톤|작업|단계",
    re.IGNORECASE,
)
"""Words by which a heading says that what stands below it is the work."""
_LATER = any_of("""
    future, out of scope, not in scope, non-goals, not part, beyond, someday, ausblick, nicht im umfang, nichtziele,
    nicht-ziele, zukünftig, zukünftige, spätere, fuera de alcance, futuro, futuras, futuros, no objetivos,
    hors périmètre, plus tard, à venir, fora do escopo, 非目标, 未来, 后续规划, 范围外, スコープ外, 対象外, 将来
""")
_NUMBERING = re.compile(r"(?:\d+(?:\.\d+)*[.)]?\s+)?\W*")


def is_no_work(title: str) -> bool:
    """Whether a heading opens with words for what is no work: "Risks", "2. Open questions", "Zeitplan"."""
    start = _NUMBERING.match(title)
    return bool(_OPENING.match(title, start.end() if start else 0))


def is_work(title: str) -> bool:
    """Whether a heading says that what stands below it is the work: "Tasks", "Umsetzungsschritte", "実装ステップ"."""
    return bool(_WORK.search(title)) and not is_no_work(title)


def is_later(title: str) -> bool:
    """Whether a heading opens with words for what this plan leaves to another one: "Future milestones"."""
    start = _NUMBERING.match(title)
    return bool(_LATER.match(title, start.end() if start else 0))


@value
class Candidate:
    """One member: the item without its containers, and the rest of its first line, where order may be stated."""

    item: WorkItem
    head: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """Members of one level in document order.

    `headings`: indices of the headings that are members. `unstated` says how sure it is (0..1) that they are the work
    if the plan says nothing about order: 0 means that they are no work then. `rank` breaks ties, the lower one wins.
    `plain` ones have neither ids nor boxes; they are looked at only where no other level is spoken of. `counted` ones
    have the numbers of their list and nothing else to be called by. `ordered` ones are the entries of an order,
    which are
    the work only where no other level is spoken of or likely.
    """

    members: tuple[Candidate, ...]
    headings: frozenset[int] = frozenset()
    unstated: float = 0.0
    rank: int = 0
    plain: bool = False
    counted: bool = False
    ordered: bool = False
    findings: tuple[Finding, ...] = field(default=())


def own_statements(document: Document, candidate: Candidate, number: int) -> list[Statement]:
    """What an item says: the rest of its first line with the lines that continue it, then its further lines."""
    return [*titled(candidate.item, number), *_own(document, candidate, number)]


def _own(document: Document, candidate: Candidate, number: int) -> list[Statement]:
    item = candidate.item
    if item.body_line != item.line:
        said = in_running_text(candidate.head, item.line, item=number)
        return said + in_lines(document, document.visible(item.body_line, item.end), item=number)
    lines = document.visible(item.line, item.end)
    first = next(paragraphs(document, lines), None)
    if first is None:
        return in_running_text(candidate.head, item.line, item=number)
    continued = first.text[len(document.line(item.line)) :] if first.line == item.line else ""
    said = in_running_text(candidate.head + continued, item.line, item=number)
    rest = [line for line in lines if line >= first.line + len(first.starts)]
    return said + in_lines(document, rest, item=number)


def with_containers(members: Sequence[Candidate], chains: Sequence[tuple[int, ...]]) -> tuple[WorkItem, ...]:
    """The items, each with the containers that hold it."""
    return tuple(
        replace(candidate.item, containers=chain) if chain else candidate.item
        for candidate, chain in zip(members, chains, strict=True)
    )
