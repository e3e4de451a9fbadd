"""What a plan says in passing of sections whose names are letters, in the words of different houses; look-alikes."""

from __future__ import annotations

import pytest

from orch_tui.plan.model import Plan
from orch_tui.plan.parsing import parse

_TITLES = {"A": "Schema", "B": "Importer", "C": "Search page", "D": "Billing", "E": "Deploy"}


def harbour(notes: str = "", *, within_b: str = "") -> Plan:
    """Five sections without order, and a sentence in notes below them or in the text of section B."""
    texts = {"B": within_b}
    sections = "".join(f"## Section {a}: {title}\nBuild it.\n{texts.get(a, '')}\n\n" for a, title in _TITLES.items())
    return parse(f"# Plan\n\n{sections}## Notes\n\n{notes}\n")


def apart(plan: Plan) -> set[str]:
    """Pairs that never run at once."""
    return {"".join(sorted((pair.one, pair.other))) for pair in plan.exclusions}


def found(plan: Plan, kind: str) -> set[str]:
    """The ids of the findings of one type, each in one word."""
    return {"".join(one.ids) for one in plan.findings if one.type == kind}


@pytest.mark.parametrize(
    ("said", "groups"),
    [
        ("B and C share the staging database, so they must never be in flight together.", "BC"),
        ("Never run B while C is running.", "BC"),
        ("Sections B and D touch the same migration file; run them one after the other, in any order.", "BD"),
        ("B and C cannot overlap.", "BC"),
        ("Only one of B, C and D may be in progress at any time.", "BC BD CD"),
        ("B and C must be serialized (either order).", "BC"),
        ("Abschnitt B und Abschnitt C dürfen nicht gleichzeitig laufen.", "BC"),
        ("B und C schließen sich zeitlich aus: nie beide zugleich.", "BC"),
        ("Las secciones B y C no deben ejecutarse al mismo tiempo.", "BC"),
        ("Ne pas lancer B et C en même temps.", "BC"),
        ("B 和 C 不能并行执行。", "BC"),
        ("B と C は同時に実行しないこと。", "BC"),
        ("B and C: one at a time.", "BC"),
        ("The Importer and Billing sections must not run at the same time.", "BD"),
        ("Don't let two agents work on B and C simultaneously.", "BC"),
        ("B, C and D hold the same port; never two of them at once.", "BC BD CD"),
        ("Avoid running D in parallel with B or C.", "BD CD"),
        ("Keep B and D apart: both rewrite `schema.sql`.", "BD"),
    ],
)
def test_sections_that_are_named_together_are_kept_apart_without_an_order(said: str, groups: str) -> None:
    plan = harbour(said)
    assert apart(plan) == set(groups.split())
    assert not plan.dependencies


@pytest.mark.parametrize(
    ("said", "groups"),
    [
        ("Do not schedule this alongside Section D.", "BD"),
        ("Mutually exclusive with D: both lock the schema.", "BD"),
        ("**Conflicts with:** Section D", "BD"),
        ("Not concurrent with C.", "BC"),
        ("Nicht parallel zu C ausführen.", "BC"),
        ("No ejecutar en paralelo con la sección C.", "BC"),
        ("Ne doit jamais tourner en même temps que C.", "BC"),
        ("不要与 C 同时进行。", "BC"),
        ("C と並行して進めないこと。", "BC"),
    ],
)
def test_a_section_may_say_itself_beside_whom_it_must_not_run(said: str, groups: str) -> None:
    plan = harbour(within_b=said)
    assert apart(plan) == set(groups.split())
    assert not plan.dependencies


@pytest.mark.parametrize(
    "said",
    [
        "B and C can run in parallel; they do not share files.",
        "B does not block C, so both can run at the same time.",
        "Users must not edit a record while C is syncing it.",
        "The importer must not process two files at the same time.",
        "There is no reason not to run B and C in parallel.",
        "Do not run the tests in parallel with the dev server.",
        "Nothing stops B and C from running at the same time.",
        "It is not necessary to run B and C at the same time.",
        "B and C need not run at the same time.",
        "B und C müssen nicht gleichzeitig laufen.",
        "No es necesario ejecutar B y C en paralelo.",
        "B 和 C 不必同时进行。",
        "The cache must never be read and written concurrently (see C).",
        "Queries that run while B migrates must not fail.",
        "Should B and C not run in parallel, the plan takes two days longer.",
        "C and D are exclusive features of the Pro tier.",
    ],
)
def test_what_runs_together_or_speaks_of_the_product_keeps_nobody_apart(said: str) -> None:
    assert not apart(harbour(said))


@pytest.mark.parametrize(
    ("said", "groups"),
    [
        ("Do B or C, not both.", "BC"),
        ("Choose one of B and C before you start.", "BC"),
        ("Either B or C will be built; the spike decides which.", "BC"),
        ("B and C are two ways to the same goal: pick one.", "BC"),
        ("Entweder B oder C umsetzen, nicht beides.", "BC"),
        ("Von B und C wird nur eines umgesetzt.", "BC"),
        ("O bien B o bien C, pero no ambas.", "BC"),
        ("Elegir una: B o C.", "BC"),
        ("Soit B, soit C, pas les deux.", "BC"),
        ("Choisir entre B et C.", "BC"),
        ("B 和 C 二选一。", "BC"),
        ("B と C はどちらか一方のみ実施する。", "BC"),
        ("B xor C.", "BC"),
        ("We will implement B, C or D, whichever benchmark wins.", "BCD"),
        ("B and C are mutually exclusive options.", "BC"),
        ("Decide between the Importer and the Search page before work begins.", "BC"),
        ("One of B, C, D is enough; drop the others.", "BCD"),
        ("C replaces B if the vendor says no.", "BC"),
    ],
)
def test_one_of_several_is_to_be_chosen(said: str, groups: str) -> None:
    assert found(harbour(said), "alternatives") == set(groups.split())


@pytest.mark.parametrize(
    ("said", "groups"),
    [
        ("This is an alternative to Section C.", "BC"),
        ("Only needed if we do not go with Section C.", "BC"),
        ("Skip this if C was chosen.", "BC"),
        ("Alternative zu Abschnitt C.", "BC"),
    ],
)
def test_a_section_may_call_itself_an_alternative(said: str, groups: str) -> None:
    assert found(harbour(within_b=said), "alternatives") == set(groups.split())


@pytest.mark.parametrize(
    "said",
    [
        "Start with either B or C; both are needed.",
        "B or C can go first.",
        "After B or C is done, look at the figures.",
        "Choose a colour in B and a font in C.",
        "The user can pick one or both of the exports from B and C.",
        "Pick B or C up first, whichever is free.",
        "Either way, B and C stay as they are.",
        "There is no alternative to B and C.",
        "Only B and C touch the schema.",
        "If either B or C fails, stop.",
        "Decide on the naming in B and C together.",
        "Neither B nor C may be skipped.",
        "Wählt der Nutzer in B oder C etwas aus, gilt D.",
        "Instead of a cache, C uses a table.",
        "B instead of a script: a proper importer.",
        "Whoever picks up B or C owns the rollout.",
    ],
)
def test_these_words_leave_no_choice(said: str) -> None:
    assert not found(harbour(said), "alternatives")


@pytest.mark.parametrize(
    ("said", "groups"),
    [
        ("B and C must be merged together.", "BC"),
        ("B, C and D ship as one release.", "BCD"),
        ("Land B and C in one PR.", "BC"),
        ("B and C are one atomic change; do not split them across agents.", "BC"),
        ("Give B and C to one and the same agent.", "BC"),
        ("B and C only make sense together: half of it breaks production.", "BC"),
        ("Do not merge B without C.", "BC"),
        ("B und C gehören in einen Commit.", "BC"),
        ("B und C müssen gemeinsam ausgerollt werden.", "BC"),
        ("B y C deben desplegarse juntas.", "BC"),
        ("B et C doivent être livrés ensemble.", "BC"),
        ("B 和 C 必须一起合并。", "BC"),
        ("B と C は必ず同時にリリースする。", "BC"),
        ("Treat B and C as a single unit of work.", "BC"),
        ("One worker does B and C in one sitting.", "BC"),
        ("B and C: all or nothing.", "BC"),
        ("Neither B nor C may go live alone.", "BC"),
        ("Do not run one worker per task for B and C.", "BC"),
        ("Roll back B and C together or not at all.", "BC"),
    ],
)
def test_several_are_meant_as_one_piece(said: str, groups: str) -> None:
    assert found(harbour(said), "atomic-group") == set(groups.split())


@pytest.mark.parametrize(
    ("said", "groups"),
    [
        ("Must land in the same commit as Section C.", "BC"),
        ("Nur zusammen mit C mergen.", "BC"),
    ],
)
def test_a_section_may_ask_for_another_one_beside_it(said: str, groups: str) -> None:
    assert found(harbour(within_b=said), "atomic-group") == set(groups.split())


@pytest.mark.parametrize(
    "said",
    [
        "B and C can be reviewed together.",
        "Read B and C together before you start.",
        "B and C must not be merged together.",
        "Together, B and C cover the whole import.",
        "B and C are each merged in one PR.",
        "The writes in B and C must be atomic.",
        "Writes are committed atomically, see B and C.",
        "Ship B and C in separate releases.",
        "B and C share one database migration tool.",
        "Merge the results of B and C into one report.",
        "B and C bring the tables together in one view.",
        "The integration test runs B and C together.",
        "B und C laufen zusammen eine Stunde.",
        "B and C can ship independently.",
        "It is fine to merge B without C.",
    ],
)
def test_these_words_ask_for_no_single_piece(said: str) -> None:
    assert not found(harbour(said), "atomic-group")


def retired(head: str) -> bool:
    """Whether a plan that begins like this is out of use."""
    plan = parse(f"{head}\n\n## Section A: Schema\nBuild.\n\n## Section B: Importer\nDepends on: A\n")
    return any(one.type == "retired" for one in plan.findings)


@pytest.mark.parametrize(
    "head",
    [
        "> **This plan is superseded by plan-v2.md.**",
        "> [!WARNING]\n> Deprecated: use `docs/roadmap.md` instead.",
        "**Status:** Superseded",
        "Status: ❌ Abandoned",
        "_Archived 2025-03-01. Kept for history._",
        "This roadmap has been replaced by ROADMAP-2.md.",
        "⚠️ OBSOLETE — do not use.",
        "Do not execute this plan any more; see #44.",
        "> Dieser Plan ist veraltet, siehe plan-neu.md.",
        "Status: überholt",
        "Este plan ha sido reemplazado por plan-v2.",
        "Estado: obsoleto",
        "> Ce plan est obsolète, voir plan-v2.md",
        "Statut : abandonné",
        "本计划已废弃，请参考 plan-v2。",
        "状态：已作废",
        "この計画は廃止されました。",
        "ステータス: 廃止",
        "| Field | Value |\n|---|---|\n| Status | Superseded |\n| Owner | me |",
        "**SUPERSEDED** by ADR-12 on 2025-01-02",
        "NOTE: this document is no longer maintained",
        "This plan was never executed and is retired as of May.",
        "<!-- status: deprecated -->\n> This spec is out of date; the successor is spec 12.",
        "This plan is dead. Long live plan 2.",
        "Everything below was abandoned in favour of the rewrite.",
        "The plan below is kept for the record only and must not be run.",
    ],
)
def test_a_plan_may_say_that_it_is_out_of_use(head: str) -> None:
    assert retired(f"# Plan\n\n{head}")


@pytest.mark.parametrize(
    "head",
    [
        "This plan replaces the old one, which is deprecated.",
        "This plan supersedes plan-v1.md.",
        "We remove the deprecated API and all obsolete tables.",
        "Deprecated endpoints are removed in section B.",
        "Status: Active (replaces the retired plan 3)",
        "The old importer was abandoned.",
        "The v1 schema is obsolete, so this plan rebuilds it.",
        "Superseded plans live in docs/archive.",
        "Status: not deprecated",
        "Once this plan is complete it is archived.",
        "When done, mark this plan as superseded.",
        "Retired tables: users_old, posts_old",
        "Archived rows are kept.",
        "Dieser Plan ersetzt den alten, der veraltet ist.",
        "Dieser Plan ersetzt plan-v1.md.",
        "Este plan reemplaza al plan obsoleto.",
        "Ce plan remplace l'ancien plan obsolète.",
        "本计划取代已废弃的旧计划。",
        "この計画は廃止された旧計画を置き換える。",
        "Goal: retire the legacy importer.",
        "Status: In progress. Phase 0 was cancelled.",
        "This plan is not superseded by plan 4; both run.",
    ],
)
def test_a_plan_that_removes_or_replaces_other_things_is_in_use(head: str) -> None:
    assert not retired(f"# Plan\n\n{head}")


@pytest.mark.parametrize(
    "head",
    [
        "# [DEPRECATED] Importer plan",
        "# Importer plan (superseded)",
        "# ~~Importer plan~~",
        "---\nstatus: retired\n---\n# Plan",
        "---\ntitle: x\ndoc_status: superseded-by-plan-2\n---\n# Plan",
        "# Importer plan — ARCHIVED",
        "# 已废弃：导入计划",
    ],
)
def test_a_title_or_front_matter_may_say_it(head: str) -> None:
    assert retired(head)


@pytest.mark.parametrize(
    "head",
    [
        "# Retire the legacy importer",
        "# Deprecated API removal plan",
        "# Plan: archive old rows",
        "---\nstatus: active\nsupersedes: plan-1\n---\n# Plan",
        "# Obsolete code cleanup",
    ],
)
def test_titles_and_front_matter_of_plans_in_use(head: str) -> None:
    assert not retired(head)
