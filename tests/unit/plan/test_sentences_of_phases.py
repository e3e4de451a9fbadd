"""What is said of phases and of the jobs in them, before them, within one and below all, in six languages."""

from __future__ import annotations

import pytest

from orch_tui.plan.parsing import parse

WORDS = {
    "en": ("Phase", "Survey", "Prepare", "Move"),
    "de": ("Phase", "Aufnahme", "Vorbereitung", "Umzug"),
    "es": ("Fase", "Medición", "Preparación", "Traslado"),
    "fr": ("Phase", "Relevé", "Préparation", "Déménagement"),
    "zh": ("阶段", "勘察", "准备", "搬迁"),
    "ja": ("フェーズ", "調査", "準備", "移動"),
}
"""The generic word of a language, and the titles of its three phases."""
JOBS = ["Keel", "Mast", "Sail", "Flag", "Deck", "Rope", "Hull", "Wind", "Moor"]


def between(after: int, *before: int) -> set[str]:
    """The order of two phases, whose third jobs speak for themselves."""
    return {f"{after}.{job}<-{phase}.{other}" for job in (1, 2) for phase in before for other in (1, 2, 3)}


ORDERS = {
    "none": set[str](),
    "all": between(2, 1) | between(3, 2),
    "2 after 1": between(2, 1),
    "3 after 2": between(3, 2),
    "3 after both": between(3, 1, 2),
}


def edges(language: str, place: str, sentence: str) -> set[str]:
    """The order of three phases of three jobs, with a sentence before them, within one ("2") or below them."""
    word, *titles = WORDS[language]
    gap = "" if language in {"zh", "ja"} else " "
    parts = [f"# P\n\n{sentence if place == 'before' else ''}\n"]
    for phase, title in enumerate(titles, 1):
        parts.append(f"## {word}{gap}{phase}: {title}\n\n{sentence if place == str(phase) else ''}\n")
        for job in (1, 2, 3):
            note = f" (after {phase}.1)" if job == 3 else ""
            parts.append(f"- [ ] {phase}.{job} {JOBS[3 * phase + job - 4]}{note}")
        parts.append("")
    parts.append(f"## Notes\n\n{sentence}\n" if place == "below" else "")
    own = {f"{phase}.3<-{phase}.1" for phase in (1, 2, 3)}
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse("\n".join(parts)).dependencies} - own


@pytest.mark.parametrize(
    ("language", "order", "sentence"),
    [
        ("en", "all", "Each phase starts when the one before it is complete."),
        ("en", "all", "Every phase waits for the previous one."),
        ("en", "all", "The phases run strictly one after another."),
        ("en", "all", "Phases are sequential; the jobs inside a phase are not."),
        ("en", "all", "Work through the phases in order."),
        ("en", "all", "A phase may only begin when the previous phase is finished."),
        ("en", "all", "No phase starts before the one before it is done."),
        ("en", "all", "Do not start a phase until the previous one has been signed off."),
        ("en", "all", "Phases build on each other."),
        ("en", "all", "Phase 2 starts only after phase 1 has been accepted, and phase 3 only after phase 2."),
        ("en", "all", "Phase 1 → Phase 2 → Phase 3"),
        ("en", "all", "The gate after each phase must be passed before the next one begins."),
        ("en", "all", "Complete each phase before moving on to the next."),
        ("en", "none", "The phases are only for the overview and say nothing about order."),
        ("en", "none", "All phases can run at the same time."),
        ("en", "none", "Phases are independent of each other."),
        ("en", "none", "The numbering is no order."),
        ("en", "none", "Suggested order: Phase 1, Phase 2, Phase 3."),
        ("de", "all", "Jede Phase beginnt erst, wenn die vorherige abgeschlossen ist."),
        ("de", "all", "Die Phasen laufen nacheinander."),
        ("de", "all", "Die Phasen werden der Reihe nach abgearbeitet."),
        ("de", "all", "Die Phasen bauen aufeinander auf."),
        ("de", "all", "Keine Phase beginnt, bevor die vorherige abgenommen ist."),
        ("de", "all", "Phase 2 beginnt erst nach Phase 1, Phase 3 erst nach Phase 2."),
        ("de", "none", "Die Phasen sind nur zur Übersicht und geben keine Reihenfolge vor."),
        ("de", "none", "Die Phasen können parallel laufen."),
        ("es", "all", "Cada fase empieza cuando termina la anterior."),
        ("es", "all", "Las fases se ejecutan en orden."),
        ("es", "all", "Las fases son secuenciales."),
        ("es", "all", "Ninguna fase empieza antes de que termine la anterior."),
        ("es", "none", "Las fases pueden ir en paralelo."),
        ("fr", "all", "Chaque phase commence quand la précédente est terminée."),
        ("fr", "all", "Les phases se suivent dans l'ordre."),
        ("fr", "all", "Les phases sont séquentielles."),
        ("fr", "all", "Aucune phase ne commence avant la fin de la précédente."),
        ("fr", "none", "Les phases peuvent se dérouler en parallèle."),
        ("zh", "all", "各阶段按顺序执行。"),
        ("zh", "all", "每个阶段在前一阶段完成后才能开始。"),
        ("zh", "all", "上一阶段完成后才能进入下一阶段。"),
        ("zh", "all", "阶段之间串行执行，阶段内任务可并行。"),
        ("zh", "none", "各阶段可以并行。"),
        ("ja", "all", "各フェーズは順番に実施する。"),
        ("ja", "all", "各フェーズは前のフェーズの完了後に開始する。"),
        ("ja", "all", "フェーズは順次実行する。"),
        ("ja", "none", "各フェーズは並行して進められる。"),
    ],
)
def test_what_is_said_of_all_phases_holds_between_each_and_the_next(language: str, order: str, sentence: str) -> None:
    assert edges(language, "before", sentence) == ORDERS[order]


@pytest.mark.parametrize(
    ("language", "place", "order", "sentence"),
    [
        ("en", "2", "2 after 1", "This phase starts once phase 1 is complete."),
        ("en", "2", "2 after 1", "Begins after the survey."),
        ("en", "2", "2 after 1", "Prerequisite: Phase 1 complete"),
        ("en", "2", "2 after 1", "Not before Phase 1 is signed off."),
        ("en", "2", "2 after 1", "All jobs of Phase 1 must be complete."),
        ("en", "2", "2 after 1", "Phase 1 has to be finished."),
        ("en", "2", "3 after 2", "Phase 3 cannot start until this phase is done."),
        ("en", "2", "3 after 2", "Must be complete before phase 3."),
        ("en", "2", "3 after 2", "Blocks phase 3."),
        ("en", "3", "3 after both", "Requires phases 1 and 2."),
        ("en", "3", "3 after both", "Both earlier phases have to be complete."),
        ("en", "3", "3 after both", "Needs everything above."),
        ("en", "3", "3 after 2", "Only needs phase 2."),
        ("en", "3", "3 after 2", "Depends on phase 2, but not on phase 1."),
        ("en", "2", "none", "May overlap with phase 1."),
        ("en", "2", "none", "Does not depend on phase 1."),
        ("en", "2", "none", "Can start at any time."),
        ("en", "2", "none", "Ideally after phase 1."),
        ("de", "2", "2 after 1", "Diese Phase beginnt nach Abschluss von Phase 1."),
        ("de", "2", "2 after 1", "Phase 1 muss abgeschlossen sein."),
        ("de", "2", "2 after 1", "Voraussetzung: Phase 1 ist abgeschlossen."),
        ("de", "3", "3 after both", "Setzt die Phasen 1 und 2 voraus."),
        ("de", "2", "none", "Unabhängig von Phase 1."),
        ("es", "2", "2 after 1", "Esta fase empieza después de la fase 1."),
        ("es", "2", "2 after 1", "La fase 1 debe estar terminada."),
        ("es", "3", "3 after both", "Requiere las fases 1 y 2."),
        ("fr", "2", "2 after 1", "Cette phase commence après la phase 1."),
        ("fr", "2", "2 after 1", "La phase 1 doit être terminée."),
        ("fr", "3", "3 after both", "Nécessite les phases 1 et 2."),
        ("zh", "2", "2 after 1", "本阶段在阶段1完成后开始。"),
        ("zh", "2", "2 after 1", "前置条件：阶段1完成"),
        ("zh", "3", "3 after both", "依赖阶段1和阶段2。"),
        ("ja", "2", "2 after 1", "このフェーズはフェーズ1の完了後に開始する。"),
        ("ja", "3", "3 after both", "フェーズ1とフェーズ2に依存する。"),
    ],
)
def test_what_is_said_within_a_phase_is_said_of_it(language: str, place: str, order: str, sentence: str) -> None:
    assert edges(language, place, sentence) == ORDERS[order]


@pytest.mark.parametrize(
    ("language", "order", "sentence"),
    [
        ("en", "3.2<-1.1", "3.2 cannot start until 1.1 is done."),
        ("en", "3.2<-1.1", "1.1 has to be there before 3.2."),
        ("en", "2.1<-1.1 2.2<-1.1", "1.1 blocks 2.1 and 2.2."),
        ("en", "2.1<-1.1 2.2<-1.1", "Both 2.1 and 2.2 wait for 1.1."),
        ("en", "3.1<-1.1 3.1<-1.2 3.1<-1.3 3.1<-2.1 3.1<-2.2 3.1<-2.3", "3.1 needs everything from phases 1 and 2."),
        ("en", "2.1<-1.1 2.1<-1.2", "2.1 can start when 1.1 and 1.2 are both in place."),
        ("en", "2.1<-1.1", "2.1 needs 1.1 (not 1.2)."),
        ("en", "2.1<-1.1 2.1<-1.2 2.1<-1.3", "Start 2.1 only when phase 1 is complete."),
        ("en", "2.1<-1.2 2.2<-1.2", "1.2 is needed by 2.1 and 2.2."),
        ("en", "2.1<-1.2 3.1<-1.2", "1.2 unblocks 2.1 and 3.1."),
        ("en", "2.1<-1.1 2.2<-1.2", "2.1 follows 1.1 and 2.2 follows 1.2."),
        ("en", "2.1<-1.1 2.2<-1.2", "2.1 after 1.1; 2.2 after 1.2."),
        ("en", "none", "1.1 and 2.1 are independent of each other."),
        ("en", "none", "2.1 does not need 1.1."),
        ("en", "none", "2.1 can start before 1.1 is finished."),
        ("en", "none", "It would help if 1.1 were done before 2.1, but nothing depends on it."),
        ("de", "3.2<-1.1", "3.2 kann erst beginnen, wenn 1.1 fertig ist."),
        ("de", "2.1<-1.1 2.2<-1.1", "2.1 und 2.2 warten auf 1.1."),
        ("de", "2.1<-1.1 2.1<-1.2", "2.1 braucht 1.1 und 1.2."),
        ("de", "none", "2.1 braucht 1.1 nicht."),
        ("es", "3.2<-1.1", "3.2 no puede empezar hasta que 1.1 esté terminada."),
        ("es", "2.1<-1.1 2.2<-1.1", "2.1 y 2.2 dependen de 1.1."),
        ("fr", "3.2<-1.1", "3.2 ne peut commencer qu'après 1.1."),
        ("fr", "2.1<-1.1 2.2<-1.1", "2.1 et 2.2 dépendent de 1.1."),
        ("zh", "3.2<-1.1", "3.2 必须在 1.1 完成后才能开始。"),
        ("zh", "2.1<-1.1 2.2<-1.1", "2.1 和 2.2 依赖 1.1。"),
        ("ja", "3.2<-1.1", "3.2 は 1.1 の完了後に開始する。"),
        ("ja", "2.1<-1.1 2.2<-1.1", "2.1 と 2.2 は 1.1 に依存する。"),
    ],
)
def test_what_is_said_of_single_jobs_below_the_phases_makes_their_order(
    language: str, order: str, sentence: str
) -> None:
    assert edges(language, "below", sentence) == (ORDERS["none"] if order == "none" else set(order.split()))
