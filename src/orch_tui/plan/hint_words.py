"""The names under which plans say how a section is to be run, in the languages they are written in."""

from __future__ import annotations

from typing import Literal

Hint = Literal[
    "agent",
    "model",
    "effort",
    "estimate",
    "risk",
    "workflow",
    "repository",
    "merge",
    "budget",
    "files",
    "acceptance",
    "verify",
    "resources",
]
EFFORTS = ("low", "medium", "high", "xhigh", "max")
"""How hard an agent may be told to think; other words of a plan ("2/5", "two days") are an estimate, for people."""

_NAMES: tuple[tuple[Hint, str], ...] = (
    (
        "agent",
        """
        agent, provider, agent name, executor, runner, ausführender agent, agente
        """,
    ),
    (
        "model",
        """
        model, llm, modell, sprachmodell, modelo, modèle
        """,
    ),
    (
        "effort",
        """
        effort, effort level, reasoning effort, thinking effort, reasoning, thinking, aufwand, denkaufwand, esfuerzo
        """,
    ),
    (
        "estimate",
        """
        estimate, estimated effort, estimated time, estimation, size, complexity, difficulty, est,
        est., duration, time, story points, points, geschätzter aufwand, schätzung,
        größe, komplexität, dauer, estimación, complejidad, duración, effort estimé,
        estimation, complexité, durée, 工作量, 预计工时, 工时, 複雑さ, 工数, 見積もり
        """,
    ),
    (
        "risk",
        """
        risk, risk level, risiko, risikostufe, riesgo, risque, 风险, 風險, リスク
        """,
    ),
    (
        "workflow",
        """
        workflow, work flow, ablauf, arbeitsablauf, flujo, flujo de trabajo, flux
        """,
    ),
    (
        "repository",
        """
        repo, repository, git repo, git repository, target repo, target repository, repositorium, repositorio, dépôt,
        仓库, 代码仓库, リポジトリ
        """,
    ),
    (
        "merge",
        """
        merge strategy, merge, merge-strategie, merge mode, estrategia de merge, stratégie de merge,
        合并策略, マージ戦略
        """,
    ),
    (
        "budget",
        """
        budget, budget usd, max budget, cost limit, max cost, cost cap, kostenlimit,
        kostenrahmen, höchstkosten, presupuesto, 预算, 予算
        """,
    ),
    (
        "files",
        """
        file, files, files modified, modified files, files to modify, files to change, files to
        create, files touched, touches, files changed, changed files,
        files likely touched, owned files, key files, affected files, files affected,
        target files, target file, location, scope files, create, modify, test, new files,
        relevant files, implementation file, output files, outputs files, paths, path, dateien,
        datei, betroffene dateien, geänderte dateien, neue dateien, anlegen, ändern, archivos,
        ficheros, archivos afectados, fichiers, fichiers modifiés, 文件, 涉及文件, 修改文件, 新增文件, 対象ファイル,
        ファイル, 変更ファイル
        """,
    ),
    (
        "acceptance",
        """
        acceptance, acceptance criteria, acceptance criterion, acceptance scenarios, done when,
        definition of done, dod, success criteria, success criterion, exit criteria, independent
        test, test strategy, requirements, requirement, requirement refs, fr, validates,
        expected, expected result, expected outcome, done, must haves, demo, after this,
        abnahme, abnahmekriterien, akzeptanzkriterien, akzeptanz, fertig wenn, fertig,
        erfolgskriterien, teststrategie, anforderungen, criterios de aceptación, criterio de
        aceptación, criterios de éxito, definición de hecho, critères d'acceptation, critères de
        succès, 验收标准, 验收, 完成标准, 受け入れ条件, 完了条件, 受入基準, 完成条件
        """,
    ),
    (
        "verify",
        """
        verify, verification, testing, test plan, verification steps,
        verify with, verification command, verification commands, verify
        command, check, checks, run, test command, test commands, tests, validation, validation
        command, quality gate, command, commands, prüfen, prüfung, prüfbefehl, prüfbefehle,
        verifikation, verifizierung, testbefehl, nachweis, tests ausführen, verificar,
        verificación, comprobación, vérification, vérifier, 验证, 验证命令, 検証, 確認, 確認コマンド
        """,
    ),
    (
        "resources",
        """
        resources, resource, needs resource, needs resources, locks, ressourcen, ressource, recursos, recurso,
        ressources, 资源, リソース
        """,
    ),
)
NOTHING = frozenset(
    {"none", "nothing", "no files", "no changes", "n/a", "keine", "nichts", "ninguno", "nada", "aucun", "无", "なし"}
)
"""What a list of files says that has none."""
HINTS: dict[str, Hint] = {" ".join(name.split()): hint for hint, names in _NAMES for name in names.split(",")}
"""What a field says, by its name in lower case."""
WORDS: frozenset[Hint] = frozenset(
    ["agent", "model", "effort", "estimate", "risk", "workflow", "repository", "merge", "budget"]
)
"""Those whose value is a word or two; the others are lists."""
TIMID = frozenset(["test", "done", "time", "create", "modify", "tests", "run", "fr", "expected", "points", "location"])
"""Names that plans use for other things too: believed only where their value looks like it."""
INLINE = ("agent", "model", "modell", "risk", "risiko", "effort", "aufwand", "budget", "workflow", "repo", "complexity")
"""Names that are looked for within running text as well: "… Risk: Low. Effort: 2/5"."""
_LEVELS = """
    low: low minimal light niedrig gering bajo baja bas basse faible 低 低い
    medium: medium mid med moderate normal mittel medio media moyen moyenne 中 中等
    high: high hoch alto alta élevé élevée 高 高い
    xhigh: xhigh very-high extra-high sehr-hoch muy-alto très-élevé
    max: max maximum maximal máximo
"""
LEVELS: dict[str, str] = {
    word.replace("-", " "): name.strip()
    for name, _, words in (line.partition(":") for line in _LEVELS.strip().splitlines())
    for word in words.split()
}
"""The words that name a level of effort."""
