"""The words for order in Chinese, Japanese, Portuguese, Italian and a few more languages; see `languages`."""

from __future__ import annotations

from orch_tui.plan.language import Language

CHINESE = Language(
    free="""
    无依赖, 没有依赖, 无前置条件, 可立即开始
    """,
    needs_fields="""
    依赖, 依赖于, 依赖关系, 依赖项, 依赖任务, 前置任务, 前置条件, 前置, 前提, 前提条件, 先决条件, 需要, 依賴,
    前置依赖, 后于, 阻塞于, 被阻塞
    """,
    blocks_fields="阻塞, 解锁, 后续任务, 后置任务, 被依赖, 后续",
    parallel_fields="可并行, 并行, 可与…并行, 可并行任务, 独立于",
    needs="""
    依赖于, 依赖, 取决于, 基于, 前置条件是, 被阻塞于, 需要先完成, 需先完成, 需等待, 需要等待, 等待, 必须等
    """,
    blocks="阻塞, 是前提于, 解锁",
    parallel="并行于, 独立于",
    behind="""
    完成之后, 完成以后, 完成后, 结束后, 之后, 以后, 上线后, 通过后, 就绪后, 落地后, 完成才能, 完成方可
    """,
    ahead="之前完成, 之前, 开始前, 以前",
    never="不, 无需, 没有, 无, 未, 不必, 并非, 不用",
    soft="可选, 最好, 建议, 理想情况, 非必须, 非必需, 尽量",
    none="无, 没有, 无依赖, 不依赖, 暂无, 无前置, 独立, 无需",
    everything="所有, 全部, 每个, 一切, 任何",
    before="之前, 以前, 前面, 上述, 以上, 先前, 前述, 前置",
    finished="完成, 已完成, 结束, 就绪, 上线, 通过, 全部, 都, 必须, 开发, 先, 实现",
    fillers="""
    在, 必须, 可以, 才能, 才可以, 只能, 需要, 须, 应, 应该, 要, 才, 可, 该任务, 本任务, 此任务, 开始, 且, 但,
    并, 请, 仅, 只有, 当, 等, 待, 等到, 直到
    """,
)

JAPANESE = Language(
    free="""
    依存なし, 依存関係なし, 前提なし, すぐに開始可能, 依存関係はありません
    """,
    needs_fields="""
    依存, 依存関係, 依存先, 依存タスク, 前提, 前提条件, 先行タスク, 先行, 必要条件, 着手条件, 開始条件
    """,
    blocks_fields="ブロック, 後続タスク, 後続, 後続作業",
    parallel_fields="並行可能, 並列可能, 並行, 並列, 並行して実行可能",
    behind="""
    に依存しています, に依存します, に依存する, に依存, が完了してから, を完了してから, が終わってから,
    が終わったら, が終わり次第, が完了したら, が完了し次第, の完了後, 完了後, の後に, のあとに, の後で, の後,
    のあと, 終了後, を前提とします, を前提とする, を前提とし, を前提に, を前提, が前提, が必要です, が必要,
    を必要とする, を必要とします, 実装後, 作成後, の完了を待って, の完了を待つ, を待って, を待つ, に続いて,
    に基づいて, に基づき, をもとに, が揃ってから, マージ後
    """,
    ahead="""
    の前に, より前に, が始まる前に, を始める前に, より先に, の前提となる, の前提です, の前提, をブロックします,
    をブロックする, をブロック
    """,
    never="ない, せず, 不要, なし, ません, 無関係, 独立",
    soft="任意, 理想的には, できれば, 推奨, 望ましい, 必須ではない",
    none="なし, 無し, 無, ありません, 特になし, 独立",
    everything="すべて, 全て, 全部, 全, あらゆる, 各",
    before="前の, 以前の, 上記, これまで, 先行する, 前段",
    finished="完了, 終了, 実装, 済み, 完了済み, すべて",
    fillers="は, が, これ, この, タスク, 作業, 開始, 着手, また, ただし, 必ず, まず",
)

PORTUGUESE = Language(
    free="""
    sem dependências
    """,
    needs_fields="""
    dependências, dependência, pré requisitos, pré requisito, requer, bloqueado por, depois de, após
    """,
    blocks_fields="bloqueia, desbloqueia, habilita",
    needs="""
    dependem de, depende da, depende do, depende das, depende dos, requer, precisa de, bloqueado por,
    bloqueada por
    """,
    blocks="bloqueia, desbloqueia",
    later="depois de, depois da, depois do, após, assim que, quando, até que",
    earlier="antes de, antes da, antes do",
    never="não, sem, nem",
    none="nenhuma, nenhum, nada, sem dependências",
    everything="todas, todos, cada",
    before="anteriores, acima, prévias",
    finished="""
    estiver, estiverem, for, concluída, concluído, concluídas, concluídos, pronta, pronto, terminar, terminarem,
    finalizada
    """,
    fillers="pode, deve, só, começa, começar, iniciar, e, mas",
)

ITALIAN = Language(
    free="""
    nessuna dipendenza
    """,
    needs_fields="dipendenze, dipendenza, dipende da, prerequisiti, prerequisito, richiede, bloccato da, dopo",
    blocks_fields="blocca, sblocca, abilita, prima di",
    needs="""
    dipende da, dipendono da, dipende dal, dipende dalla, richiede, richiedono, bloccato da, bloccata da,
    si basa su
    """,
    blocks="blocca, sblocca",
    later="solo dopo, dopo, una volta, appena, non appena",
    earlier="prima di, prima della, prima del",
    never="non, senza, né",
    none="nessuna, nessuno, niente",
    everything="tutte, tutti, tutto, ogni",
    before="precedenti, precedente, sopra",
    finished="""
    è, sono, completata, completato, completate, completati, terminata, terminato, pronta, pronto, finita,
    finito
    """,
    fillers="può, deve, solo, inizia, iniziare, e, ma",
)

OTHERS = Language(
    needs_fields="""
    afhankelijkheden, afhankelijk van, vereist, geblokkeerd door, na, zależności, zależy od, зависимости,
    зависимость, зависит от, после, требует, блокируется, предусловия, 의존성, 의존, 선행 작업, 선행 조건, 선행,
    bağımlılıklar, beroenden, afhængigheder, závislosti
    """,
    blocks_fields="blokkeert, блокирует, 후속 작업, 차단",
    needs="""
    is afhankelijk van, hangt af van, afhankelijk van, vereist, zależy od, зависит от, зависят от, требует
    """,
    later="после, nadat, zodra, как только",
    earlier="до начала, перед",
    behind="완료 후, 이후, 에 의존",
    never="niet, geen, не, nie, 없",
    none="geen, нет, brak, 없음, inga, ingen, žádné, yok",
    everything="alle, все, всех, wszystkie, 모든, 전체",
    before="vorige, предыдущие, предыдущих, poprzednie, 이전",
    finished="klaar, afgerond, voltooid, завершен, завершена, завершения, готов, 완료",
    fillers="kan, moet, pas, может, должен, только",
)
"""Dutch, Polish, Russian, Korean and the commonest field names of a few more."""
