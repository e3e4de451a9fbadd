"""The words for order in Chinese, Japanese, Korean, Portuguese, Italian and a few more languages; see `languages`."""

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
    blocks_fields="阻塞, 解锁, 后续任务, 后置任务, 被依赖, 被依赖任务, 后续",
    parallel_fields="可并行, 并行, 可与…并行, 可并行任务, 独立于",
    needs="""
    的前提是, 的前提条件是, 依赖于, 依赖, 取决于, 基于, 前置条件是, 被阻塞于, 需要先完成, 需先完成, 需等待, 需要等待,
    等待, 必须等, 需要, 必须先完成, 须先完成, 先完成, 应先完成
    """,
    blocks="阻塞, 阻挡, 阻断, 是前提于, 解锁, 先于",
    parallel="并行于, 独立于",
    behind="""
    完成之后, 完成以后, 完成后, 结束后, 之后, 以后, 上线后, 通过后, 就绪后, 落地后, 完成才能, 完成方可,
    后开始, 后立即开始, 后可开始, 后即可开始, 后启动, 后才能, 后方可, 后进行, 后实施, 后执行, 完毕后,
    为前提, 为基础, 的基础上, 就位后, 到位后
    """,
    ahead="之前完成, 之前, 开始前, 以前, 完成前, 未完成前, 完成之前, 未完成之前, 合并前",
    never="不, 无需, 没有, 无, 未, 不必, 并非, 不用",
    needless="不必, 不需要, 无需",
    soft="可选, 最好, 建议, 理想情况, 非必须, 非必需, 尽量",
    none="无, 没有, 无依赖, 不依赖, 暂无, 无前置, 独立, 无需",
    everything="所有, 全部, 每个, 一切, 任何",
    before="之前, 以前, 前面, 上述, 以上, 先前, 前述, 前置",
    others="其他, 其它, 其余, 余下",
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
    に基づいて, に基づき, をもとに, が揃ってから, が揃ったら, が揃い次第, が整ったら,
    マージ後, 後に開始, 後に着手, 後に実施, 後に実装,
    後に実行, 後に進む, 完了を前提, 完了以降, 以降に, に依存し, が揃っていることに依存する, が揃っていることに依存,
    が完了していることに依存する, が完了していることに依存, が揃っていることが前提, が完了していることが前提,
    が完了するまで, が終わるまで, が終了するまで,
    の完了が必須, が完了した後に, が完了した後, が終わった後に, が終わった後, が終了した後, が完了していること,
    の終了が必須,    の成果物を使う, の成果を使う, の成果物が必要, の結果を使う
    """,
    ahead="""
    の前に, より前に, が始まる前に, を始める前に, より先に, の前提となる, の前提です, の前提, をブロックします,
    をブロックする, をブロック, を塞ぐ, の前提条件
    """,
    never="ない, せず, 不要, なし, ません, 無関係, 独立",
    needless="必要はない, 必要はありません, 必要がない, 必要なし",
    soft="任意, 理想的には, できれば, 推奨, 望ましい, 必須ではない, 自然, 効率的, 理想的, 好ましい, 可能なら",
    none="なし, 無し, 無, ありません, 特になし, 独立",
    everything="すべて, 全て, 全部, 全, あらゆる, 各",
    before="前の, 以前の, 上記, これまで, 先行する, 前段",
    others="他の, ほかの, 残りの",
    finished="完了, 終了, 実装, 済み, 完了済み, すべて",
    fillers="は, が, これ, この, タスク, 作業, 開始, 着手, また, ただし, 必ず, まず",
)

KOREAN = Language(
    free="""
    의존성 없음, 의존 없음, 즉시 시작 가능
    """,
    needs_fields="의존성, 의존, 의존 작업, 선행 작업, 선행 조건, 선행, 선행 태스크, 전제 조건, 차단 요인",
    blocks_fields="후속 작업, 차단, 후속",
    parallel_fields="병렬 가능, 병렬",
    behind="""
    완료 후, 완료후, 완료 이후, 완료된 후, 완료한 후, 완료 뒤, 완료된 뒤, 끝난 후, 끝난 뒤, 종료 후, 통과 후,
    구현 후, 이후, 에 의존함, 에 의존한다, 에 의존합니다, 에 의존, 완료에 의존, 을 기다림, 를 기다림, 완료 필요,
    이 필요, 가 필요, 이 완료되어야, 가 완료되어야, 완료되어야, 이 선행되어야, 가 선행되어야, 에 종속
    """,
    ahead="""
    을 차단, 를 차단, 을 블록, 를 블록, 을 블로킹, 를 블로킹, 차단, 의 선행 조건, 의 필수 선행 조건, 의 전제 조건,
    시작 전에, 보다 먼저
    """,
    never="없, 않, 불필요, 안 됨, 무관, 불가",
    soft="권장, 선택 사항, 선택사항, 가능하면, 바람직, 이상적",
    none="없음, 의존성 없음, 없습니다, 독립, 즉시 시작, 해당 없음",
    everything="모든, 전체, 모두, 각",
    before="이전, 앞선, 선행",
    others="다른, 나머지",
    finished="완료, 완성, 종료, 구현, 통과",
    fillers="은, 는, 이, 가, 작업, 시작, 가능, 반드시, 또한",
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
    dependem de, dependem da, dependem do, dependem das, dependem dos, depende da,
    depende do, depende das, depende dos, depende apenas de, depende apenas da, depende apenas do,
    depende apenas das, depende só de, depende só da, depende só do, depende somente da, requer,
    precisa de, bloqueado por, bloqueada por, exige, exigem
    """,
    blocks="bloqueia, desbloqueia",
    later="depois de, depois da, depois do, após, assim que, quando, até que",
    earlier="antes de, antes da, antes do",
    never="não, sem, nem",
    soft="opcional, idealmente, preferencialmente, de preferência, recomendado, se possível, desejável, tipicamente",
    none="nenhuma, nenhum, nada, sem dependências",
    everything="todas, todos, toda, todo, tudo, cada",
    before="anteriores, acima, prévias",
    others="outros, outras",
    finished="""
    estiver, estiverem, for, concluída, concluído, concluídas, concluídos, pronta, pronto, terminar, terminarem,
    finalizada, finalizado, finalizadas, finalizados, prontas, prontos, mergeado, mergeada, mergeados, mergeadas,
    fechado, fechada, fechados, fechadas, entregue, entregues, aprovado, aprovada, aprovados, aprovadas
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
    soft="se possibile, idealmente, opzionale, preferibilmente, facoltativo, facoltativa, consigliato",
    none="nessuna, nessuno, niente",
    everything="tutte, tutti, tutto, ogni",
    before="precedenti, precedente, sopra",
    others="altri, altre",
    finished="""
    è, sono, completata, completato, completate, completati, terminata, terminato, pronta, pronto, finita,
    finito, terminate, terminati, pronte, pronti, chiusa, chiuso, chiuse, chiusi, mergiata, mergiato, mergiate,
    mergiati
    """,
    fillers="può, deve, solo, inizia, iniziare, e, ma",
)

OTHERS = Language(
    needs_fields="""
    afhankelijkheden, afhankelijk van, vereist, geblokkeerd door, na, zależności, zależy od, зависимости,
    зависимость, зависит от, после, требует, блокируется, предусловия, bağımlılıklar, beroenden,
    afhængigheder, závislosti
    """,
    blocks_fields="blokkeert, blokuje, блокирует",
    needs="""
    is afhankelijk van, hangt af van, afhankelijk van, vereist, zależy od, зависит от, зависят от, требует
    """,
    blocks="blokkeert, blokkeren, blokuje, блокирует, блокируют",
    later="после, nadat, zodra, как только, po zakończeniu",
    earlier="до начала, перед",
    never="niet, geen, не, nie",
    none="geen, нет, brak, inga, ingen, žádné, yok",
    everything="alle, все, всех, wszystkie",
    before="vorige, предыдущие, предыдущих, poprzednie",
    finished="klaar, afgerond, voltooid, завершен, завершена, завершения, готов",
    fillers="kan, moet, pas, может, должен, только",
)
"""Dutch, Polish, Russian and the commonest field names of a few more."""
