"""The words of spec-kit plans in the languages they are written in: headings, phases, stories. Data only.

The templates of spec-kit are translated by hand everywhere, so that the same heading has many names.
"""

from __future__ import annotations

ORDER_HEADINGS = """
    dependenc, dependency, execution order, order of execution, blocking, ordering, implementation order, task order,
    sequenc, completion order,
    abhängigkeit, ausführungsreihenfolge, reihenfolge, umsetzungsreihenfolge,
    dependencia, dependência, orden de ejecución, orden de implementación, ordem de execução, ordem de implementação,
    dépendance, ordre d'exécution, ordre d’exécution, ordre de réalisation,
    dipendenz, ordine di esecuzione, afhankelijkhe, uitvoeringsvolgorde, zależnoś, kolejność,
    зависимост, порядок выполнения,
    依存, 実行順, 実装順, 順序, 依赖, 依賴, 执行顺序, 執行順序, 实施顺序, 完成顺序, 의존, 실행 순서, 순서
"""
"""Beginnings of words in headings of parts that state order."""
HINT_HEADINGS = """
    parallel, within each, within a, inside each, implementation strategy, mvp, incremental, notes, single developer,
    suggested, recommended,
    format, path conv, validation, task generation, summary, quick, checkpoint, critical path, legend, team, example,
    paralel, parallél, strategie, estrategia, estratégia, stratégie, strategia, incremen, inkrement, innerhalb jeder,
    innerhalb einer, innerhalb der, dentro de cada, dentro de una, au sein de, à l'intérieur, all'interno,
    hinweise, anmerkungen, notas, remarques, resumen, zusammenfassung, résumé, resumo, kritischer pfad, ruta crítica,
    camino crítico, caminho crítico, chemin critique, ejemplo, exemple, beispiel, formato, leyenda, beneficios,
    параллел, стратегия, примечан,
    並列, 並行, 各ユーザー, 各ストーリー, 各利用シナリオ, ストーリー内, 実装戦略, 実装方針, 進め方, まとめ, 備考,
    注意, 凡例, 例:, 推奨, クリティカル,
    并行, 並發, 每个用户故事, 每個使用者故事, 故事内, 实施策略, 实现策略, 實作策略, 增量, 备注, 说明, 总结, 推荐,
    关键路径, 示例,
    병렬, 각 사용자, 각 스토리, 각 유저, 스토리 내, 구현 전략, 점진, 참고, 비고, 요약, 권장
"""
"""Beginnings of headings of parts that only advise."""
ROLES: tuple[str, ...] = (
    """
    setup, set-up, einrichtung, aufsetzen, vorbereitung, configuración, configuración inicial, preparación,
    inicialización, configuration, mise en place, préparation, initialisation, configuração, preparação, configurazione,
    настройка, подготовка, セットアップ, 準備, 初期設定, 设置, 初始化, 准备, 准备阶段, 設置, 設定, 설정, 셋업, 준비
    """,
    """
    foundational, foundation, foundations, fundament, grundlagen, grundlage, basis, fundacional, fundamentos,
    fundamental, cimientos, fondations, fondation, socle, fundação, fundações, base, fondamenta, fondamentale, основа,
    фундамент,
    基盤, 基盤整備, 基盤構築, 土台, 基礎, 基础, 基础设施, 基础构建, 基础阶段, 기반, 기반 구축, 기반 작업, 기초
    """,
    """
    polish, polishing, feinschliff, abschluss, pulido, cierre, finition, finitions, polissage, polimento, rifinitura,
    полировка, завершение, 仕上げ, ポリッシュ, 最終仕上げ, 打磨, 完善, 收尾, 收尾阶段, 마무리, 폴리싱, 다듬기
    """,
)
"""Names of the phases that most plans have: a plan may write one in the heading and another below it."""
STORY = (
    r"US|HU|user[ -]stor(?:y|ies)|stor(?:y|ies)|historias?(?: de usuario)?|histórias?(?: d[eo] usuário)?"
    r"|récits?(?: utilisateurs?)?|scénarios?|escenarios?|scenarios?|szenari(?:o|en)|(?:benutzer|nutzer)geschichten?"
    r"|verhalen?|истори[яи]"
    r"|ユーザー?ストーリー|ストーリー|利用シナリオ|シナリオ|用户故事|使用者故事|故事|사용자 ?스토리|유저 ?스토리|스토리"
)
"""Regular expression for a user story, with or without its number."""
STORIES = (
    r"user[ -]stories|stories|USs|historias(?: de usuario)?|histórias(?: d[eo] usuário)?|récits(?: utilisateurs?)?"
    r"|scénarios|escenarios|scenarios|szenarien|(?:benutzer|nutzer)geschichten"
    r"|ユーザー?ストーリー|ストーリー|利用シナリオ|用户故事|使用者故事|故事|사용자 ?스토리|유저 ?스토리|스토리"
)
"""Regular expression for stories without a number: all of them."""
CHOSEN = (
    r"the|las|los|les|die|three|four|five|both|ambas|desired|expected|wanted|target(?:ed)?|selected|chosen|planned"
    r"|in-scope|included|required|needed|applicable|relevant|implemented|independent|gewünschten|gewählten|deseadas"
    r"|requeridas|souhaitées?|prévues?"
)
"""Regular expression for words between "all" and "stories" that leave none out."""
ALL_CHOSEN = r"(?:所有|全部|すべて|全て|全)[\u3040-\u30ff\u4e00-\u9fff]{1,8}?\s*"
"""The same where no blanks stand between words: 所有目标 user story."""
THIS_PHASE = (
    r"this phase|diese[rn]? phase|esta fase|cette phase|questa fase|deze fase|этой фазы"
    r"|(?:この|本)フェーズ|本阶段|此阶段|该阶段|本階段|이 단계|이 phase|본 단계"
)
"""Regular expression for the phase in whose text the words stand."""
LATER = """
    subsequent, following, later, remaining, next, nachfolgenden, folgenden, weiteren, übrigen, siguientes,
    posteriores, restantes, suivantes, suivants, seguintes, 後続の, 以降の, 後続, 后续, 后续的, 後續, 其余, 이후, 후속
"""
ALSO = (
    r"\b(?:additionally|also|as well|in addition|auch|zusätzlich|außerdem|también|además|aussi|également|também)\b"
    r"|も|也|还|또한|추가로"
)
"""Regular expression for words that say that a statement comes besides what holds anyway."""
EITHER_OR = r"^\W*(?:or|oder|o|ou|of|или|または|或|或者|또는)\s*"
"""Regular expression for the beginning of a line that names an alternative."""
STRICT = r"\bstrict\w*|\bmust\b|\bstreng\b|\bestricta?\w*|\bzwingend\b|直列|串行|必须按|必ず順|순차"
"""Regular expression for words that make an order binding whatever else is said about it."""
USES = r"(?:uses|consumes|aggregates|usa|utiliza|consome|consume|agrega|nutzt|verwendet|utilise|agrège)"
"""Regular expression for what a task does with the work of others."""
