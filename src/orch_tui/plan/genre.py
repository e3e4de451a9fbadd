"""Whether a document is a plan, or a guide, a report, a reference that has lists and says "after" here and there.

Asked only of documents of no family. A plan that is taken for something else is lost to its author, so doubt speaks for
the plan: its items need no more than ids, boxes or generic words, unless the title calls the document something else.
Even then open boxes, or order told of its items by their numbers, make it a plan: "Migration Guide" with a phase 3 that
waits for phase 2.
"""

from __future__ import annotations

import re

from orch_tui.plan.linking import Links
from orch_tui.plan.reading import Reading
from orch_tui.plan.trie import Phrases, any_of

_PLANS = any_of("""
    plan, plans, roadmap, task, tasks, task list, to-do, to-dos, todo, todos, backlog, milestones, schedule, phases,
    slices, steps, work packages, workplan, action items, initiative, program, programme, fahrplan, aufgaben,
    arbeitspakete, arbeitsplan, umsetzungsplan, projektplan, maßnahmen, tareas, hoja de ruta, tâches, feuille de route,
    计划, 任务, 路线图, 計画, タスク, ロードマップ, 계획
""")
_DOCUMENTS = any_of("""
    readme, guide, handbook, manual, reference, changelog, changelog archive, change log, release notes, report,
    summary, results,
    retrospective, post-mortem, postmortem, minutes, meeting notes, architecture, tutorial, how-to, howto, quick start,
    quickstart, getting started, troubleshooting, faq, contributing, code of conduct, glossary, essay, whitepaper,
    walkthrough, case study, release, post-implementation review,
    anleitung, handbuch, bericht, prüfbericht, testbericht, zusammenfassung, protokoll, architektur,
    guía, informe, resumen, arquitectura, rapport, résumé, compte rendu, guia, relatório, resumo,
    指南, 手册, 报告, 总结, 架构, 更新日志, ガイド, 報告書, アーキテクチャ, 議事録
""")
"""Words for what tells or explains; what may as well be a feature ("email verification") is none of them."""
_PAST = any_of("""
    changelog, changelog archive, change log, release notes, report, summary, results, retrospective, post-mortem,
    postmortem, minutes, meeting notes, release, post-implementation review, case study,
    bericht, prüfbericht, testbericht, zusammenfassung, protokoll, informe, resumen, rapport, résumé, compte rendu,
    relatório, resumo, 报告, 总结, 更新日志, 報告書, 議事録
""")
"""Those of them that tell of what is over: what is all done there is no plan that was carried out."""
_SEGMENTS = re.compile(r"\s+[-–—|·]+\s+|[:：()（）]")
_TRAILING = re.compile(r"\s*(?:v?\d[\w.]*)?[\W_]*$")
_OF = re.compile(r"\s+(?:of|to|for|on|zu|zur|zum|von|für|über|de|del|para|pour|sur)\b")
_MOSTLY = 0.5
_NAMED = 0.7
_SOME = 0.3


def is_plan(title: str, reading: Reading, links: Links) -> bool:
    """Whether the items of a reading are work that somebody is to carry out."""
    items = reading.items
    spoken = {end for edge in links.edges for end in (edge.upstream, edge.downstream)}
    share = len(spoken) / len(items)
    marked = sum(bool(item.mark) for item in items) > 1
    labelled = sum(bool(item.label) for item in items) >= _MOSTLY * len(items)
    fielded = len({one.line for one in reading.statements if one.field and one.line in links.heard}) > 1
    if is_called(title, _DOCUMENTS) and not is_called(title, _PLANS):
        if is_called(title, _PAST) and all(item.mark == "done" for item in items):
            return False
        unfinished = sum(item.mark == "open" for item in items) > 1
        tracked = marked and labelled
        ordered = share >= _MOSTLY and (marked or labelled or fielded)
        return unfinished or tracked or ordered or _is_told_by_number(reading, links)
    named = sum(bool(item.id) for item in items) >= _NAMED * len(items)
    return named or labelled or marked or share >= _MOSTLY or (fielded and share >= _SOME) or is_called(title, _PLANS)


def _is_told_by_number(reading: Reading, links: Links) -> bool:
    """Whether words say of a numbered item which other one it waits for, by the number: "depends on 1", "after T1"."""
    written = {name: item.id for name, item in zip(links.ids, reading.items, strict=True)}
    for edge in links.edges:
        ends = written[edge.upstream], written[edge.downstream]
        if all(ends) and any(re.search(rf"(?<!\w){re.escape(end)}(?!\w)", edge.evidence.quote) for end in ends):
            return True
    return False


def is_called(title: str, kinds: Phrases) -> bool:
    """Whether a title says that the document is of a kind: "Release Notes - v2", "Tasks: fix the importer"."""
    for segment in _SEGMENTS.split(title):
        end = _TRAILING.search(segment)
        bare = segment[: end.start()] if end else segment
        at = 0
        while found := kinds.search(bare, at):
            if found.end() == len(bare) or (not bare[: found.start()].strip() and _OF.match(bare, found.end())):
                return True
            at = found.end()
    return False
