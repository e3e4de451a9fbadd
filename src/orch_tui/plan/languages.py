"""The words in which plans state order, language by language: data only; `vocabulary` hands them out by kind.

A phrase may hold one `…` where the other item stands within it: "setzt … voraus". Commas separate phrases. Another
language is another `Language` in `LANGUAGES`; the tests hold an example sentence for most phrases.
"""

from __future__ import annotations

from orch_tui.plan.language import Language
from orch_tui.plan.languages_more import CHINESE, ITALIAN, JAPANESE, KOREAN, OTHERS, PORTUGUESE

ENGLISH = Language(
    free="""
    independent, no dependencies, no dependency, has no dependencies, no prerequisites, no blockers,
    nothing has to happen before this, can begin on day one, can start on day one, can start any time,
    can start at any time, any time,
    at any time, can start immediately, needs nothing, depends on nothing, waits for nothing
    """,
    needs_fields="""
    dependencies, dependency, depends, depends on, dependent on, deps, dep, hard dependencies, hard dependency,
    blocked by, blocked on, blocks on, blockers, requires, required, requirements from, needs, prerequisite,
    prerequisites,
    pre requisite, pre requisites, prereqs, prereq, after, start after, starts after, can start after,
    run after, runs after, waits for, wait for, waits on, waiting for, waiting on, follows, builds on, build on,
    predecessor, predecessors, must follow, upstream, input from, inputs from, gated by, gate, needs first,
    must come after, comes after, requires first, task dependencies, story dependencies, depends upon,
    blocking dependencies, dependson, blockedby, parent tasks, preceded by, hard deps, after task, after tasks
    """,
    blocks_fields="""
    blocks, unblocks, enables, prerequisite for, required by, required for, must finish before, before,
    downstream, successors, successor, needed by, blocking, followed by, precedes, is needed by, dependents,
    feeds, feeds into, must precede, gates, unlocks, next, blocker for, required before, needed before
    """,
    parallel_fields="""
    can parallel with, parallel with, can run in parallel with, runs in parallel with, in parallel with,
    can be parallel with, parallelizable with, parallelisable with, can be done in parallel with,
    concurrent with, can run alongside, alongside, can run beside, independent of, parallel to, parallel,
    can run with, run in parallel with, independent from
    """,
    needs="""
    depends on, depend on, depends upon, depend upon, dependent on, dependent upon, depending on,
    depends only on, depend only on, depends solely on, dependency on, depends directly on, depends also on,
    also depends on, requires, require, needs, need, is blocked by, are blocked by, blocked by, blocked on,
    blocks on, block on,
    gated on, gated by, waits for, wait for, waits on, wait on, waiting for, waiting on, waits until,
    wait until, builds on, build on, builds upon, builds directly on, building on, built on, follows,
    must follow, has to follow, comes after, come after, must come after, relies on, rely on, held up by,
    consumes, is downstream of, hinges on, assumes, presupposes, stands on, stand on, wants, want,
    takes what … delivers, takes what … produces, takes what … returns, takes what … writes, uses what … delivers,
    uses what … produces, uses what … writes, uses what … made,
    uses what … built, integrates with what … made, integrates with what … built, integrates with what … delivers,
    extends what … made, extends what … built, takes what … made, takes what … built, uses the output of,
    uses the outputs of,
    takes the output of, cannot start without, cannot begin without, cannot proceed without, cannot run without,
    cannot work without, cannot ship without, can't start without, not possible without, impossible without,
    presumes, presume, wants, sits on top of, sit on top of
    """,
    blocks="""
    blocks, block, unblocks, unblock, enables, enable, unlocks, is a prerequisite for, are prerequisites for,
    is a prerequisite of, are a prerequisite for, prerequisite for, prerequisites for, is a precondition for,
    is a gate for, is a hard gate for, is the gate for, is a hard blocker for,
    precondition for, is required by, are required by, is required for, are required for, required by,
    required for, is needed by, are needed by, is needed for, are needed for, needed by, needed for, gates,
    precedes, precede, must precede, feeds into, paves the way for, is followed by, followed by, feeds,
    is the foundation for, are the foundation for, is the basis for, are the basis for,
    is a precondition of, precondition of, opens the way for, clears the way for, makes way for
    """,
    parallel="""
    in parallel with, parallel with, parallel to, alongside, independent of, independently of, independent from,
    concurrently with, side by side with, parallelizable with
    """,
    later="""
    only after, after, once, as soon as, until, not before, when, following, on top of, upon completion of,
    subject to, no earlier than, only when, the moment, provided that, hold until, contingent on
    """,
    earlier="before, prior to, ahead of",
    never="""
    not, cannot, can't, n't, never, no longer, no need to, nothing to do with, without, nor, neither, cannot block,
    no dependency, zero dependency, no dependencies, no hard dependency, rather than, instead of
    """,
    needless="not need to, not have to, need not, needn't",
    soft="""
    although, even though, even if, optional, optionally, if any, if needed, when applicable, ideally,
    nice to have, nice-to-have, soft, informational, not required, would help, viable, partially, preferably,
    recommended, can start immediately, can start now, if possible, not mandatory, would be nice, helpful but,
    not binding, not strictly, not a blocker, if available, wherever possible, best done, typically, logically,
    if there is time, time permitting, if time permits, if time allows, nicer, is no must, no must
    """,
    none="""
    none, nothing, no dependencies, no dependency, no other dependencies, n/a, na, nil, not applicable,
    no prerequisites, no deps, nobody, no one, can start immediately, start immediately, independent,
    no blockers, standalone, root, entry point, start here, can start right away, can start at any time,
    immediately
    """,
    everything="all, every, everything, each, any",
    before="previous, prior, above, earlier, preceding, before, foregoing, so far, predecessors",
    others="other, others, else, remaining, rest",
    finished="""
    is, are, be, been, was, has, have, had, done, complete, completed, completes, finished, finishes, finish,
    merged, ready, landed, lands, passed, passes, passing, green, in place, available, exists, exist, live,
    stable, closed, shipped, delivered, deployed, approved, signed off, first, only, completion, completing,
    finishing, output, outputs, result, results, works, working, runs, running, up, both, then, fully, all,
    deliverables, signed, off, succeeds, there, implemented, started, accepted, over, gate, start, starts,
    begin, begins,
    through, known, settled
    """,
    fillers="""
    blocked, gated, held, it, this, that, these, they, them, we, you, i, can, could, may, must, should, will,
    would, shall, has, have, to, be, is, are, only, also, and, but, then, so, do, does, done, start, starts,
    started, begin, begins, run, runs, running, not, cannot, can't, don't, finish, finished, which, the, step,
    task, section, phase, slice, item, work, here, hard, itself, possible, makes, make, sense, available, ready,
    executed, happen, happens, happening, implement, proceed, any, time, write, all, of, slated, dependency,
    direct, directly, strictly, really, just, still, now, never, being, completed, complete, launch, hold, wait,
    unblocked, one, come, comes, go, goes
    """,
)

GERMAN = Language(
    free="""
    keine voraussetzungen, keine abhängigkeiten, keine abhängigkeit, ohne voraussetzungen, ohne abhängigkeiten,
    kann jederzeit entstehen, kann jederzeit beginnen, kann sofort beginnen
    """,
    needs_fields="""
    abhängigkeiten, abhängigkeit, abhängig von, hängt ab von, voraussetzung, voraussetzungen, setzt voraus,
    benötigt, braucht, blockiert durch, blockiert von, nach, vorgänger, wartet auf, baut auf, basiert auf,
    erfordert, vorbedingung, vorbedingungen, vorher nötig, erst nach, vor abhängigkeit, vor abhängigkeiten,
    vorabhängigkeit, vorabhängigkeiten
    """,
    blocks_fields="""
    blockiert, ermöglicht, voraussetzung für, nachfolger, vor, benötigt von, benötigt für, gibt frei, blocker für
    """,
    parallel_fields="parallel zu, parallel mit, unabhängig von, kann parallel zu, parallel möglich mit",
    needs="""
    hängt ab von, hängen ab von, hängt von … ab, hängen von … ab, abhängig von, setzt … voraus, setzen … voraus,
    baut auf … auf, bauen auf … auf, baut auf, aufbauend auf, basiert auf, benötigt, benötigen, braucht,
    brauchen, erfordert, erfordern, wartet auf, warten auf, wird durch … blockiert, wird von … blockiert,
    blockiert durch, blockiert von, folgt auf, folgt nach, folgt unmittelbar auf, folgt direkt auf,
    muss auf … warten, müssen auf … warten, voraussetzung ist, voraussetzung sind,
    vorausgesetzt wird, vorausgesetzt werden, setzt voraus, setzen voraus
    """,
    blocks="""
    blockiert, blockieren, ermöglicht, ist voraussetzung für, sind voraussetzung für, voraussetzung für,
    wird benötigt für, wird benötigt von, wird für … benötigt, wird gebraucht für
    """,
    parallel="parallel zu, parallel mit, unabhängig von, gleichzeitig mit",
    later="""
    erst nach, nach abschluss von, nach, sobald, erst wenn, erst möglich wenn, wenn, nachdem, bis, nicht vor,
    frühestens nach, im anschluss an
    """,
    earlier="vor, bevor",
    never="nicht, kein, keine, keinen, ohne, weder",
    needless="muss nicht, müssen nicht, braucht nicht, brauchen nicht",
    soft="""
    optional, idealerweise, wünschenswert, möglichst, am besten, keine bedingung, nicht zwingend, gern,
    empfohlen, wenn möglich, falls möglich, typischerweise,
    am schönsten, am liebsten, wäre schön, schön wäre, wäre hilfreich, wäre gut
    """,
    none="""
    keine, keiner, keines, kein, nichts, keine abhängigkeiten, entfällt, keine voraussetzungen, unabhängig,
    sofort
    """,
    everything="alle, allen, alles, jede, jedes, jeder, sämtliche, sämtlichen, aller",
    before="""
    vorherigen, vorherige, vorangegangenen, bisherigen, obigen, vorigen, davor, oben, früheren, vorangehenden
    """,
    others="weitere, weiteren, folgende, folgenden, andere, anderen, übrigen, restlichen",
    finished="""
    ist, sind, wird, werden, wurde, worden, fertig, abgeschlossen, erledigt, beendet, steht, stehen, vorliegt,
    vorliegen, vorhanden, verfügbar, abschluss, fertigstellung, gemergt, gemerged, umgesetzt, implementiert,
    freigegeben, voraus, durch, bereit, gelaufen, läuft, abgenommen,
    feststeht, feststehen, festgelegt, bekannt, da
    """,
    fillers="""
    es, er, sie, das, dies, diese, dieser, dieses, kann, können, darf, dürfen, muss, müssen, soll, sollte, erst,
    nur, wird, ist, beginnt, beginnen, startet, starten, möglich, und, aber, hier, dann, auch, ganz, am, ende,
    zum, schluss, gestartet, begonnen, sein, werden, weiter, nicht, geht, gehen, los, losgehen
    """,
)

SPANISH = Language(
    free="""
    sin dependencias, sin requisitos previos, no depende de nada, puede empezar ya
    """,
    needs_fields="""
    dependencias, dependencia, depende de, requiere, requisitos previos, requisito previo, prerrequisitos,
    prerrequisito, bloqueado por, bloqueada por, después de, tras, precedida por, predecesoras, predecesor,
    necesita, precondiciones, dependencias previas
    """,
    blocks_fields="bloquea, habilita, desbloquea, requisito para, permite, antes de, sucesoras",
    parallel_fields="en paralelo con, paralelo con, paralelo a, independiente de, puede ir en paralelo con",
    needs="""
    depende de, dependen de, depende solo de, depende sólo de, depende únicamente de, dependen solo de,
    dependiente de, requiere, requieren, necesita, necesitan, bloqueado por,
    bloqueada por, se apoya en, se basa en, espera a, esperar a, sigue a, parte de,
    depende del, dependen del, espera al, esperar al, sigue al
    """,
    blocks="""
    bloquea, bloquean, desbloquea, habilita, es requisito para, es requisito de, es prerrequisito de,
    es prerrequisito para, es necesario para, es necesaria para, precede a, precede al, preceden a, preceden al,
    es requisito del, es prerrequisito del
    """,
    parallel="en paralelo con, paralelo a, independiente de, independientemente de",
    later="""
    solo después de, sólo después de, después de que, despues de que, después de, despues de, tras, una vez que,
    una vez, cuando, en cuanto,
    hasta que, luego de, al terminar, no antes de,
    solo después del, sólo después del, después del, despues del, luego del, no antes del
    """,
    earlier="""
    antes de, antes que, antes del
    """,
    never="no, nunca, sin, ni, ninguna, ningún",
    needless="no necesita, no necesitan, no tiene que, no tienen que, no hace falta",
    soft="""
    opcional, idealmente, preferiblemente, recomendado, recomendable, si es posible, no es obligatorio,
    deseable, típicamente, mejor
    """,
    none="ninguna, ninguno, nada, sin dependencias, no aplica, no tiene, n/a",
    everything="todas, todos, todo, toda, cada, cualquier",
    before="anteriores, anterior, previas, previos, previa, previo, antes, precedentes",
    others="demás, otros, otras",
    finished="""
    está, están, esté, estén, este, esten, estable, estables, haya, hayan, ha, han, sea, sean, terminado,
    terminada, terminadas, terminados,
    termine, terminen, completado, completada, completadas, completados, lista, listo, listas, listos, hecho,
    hecha, hechos, hechas, finalizada, finalizado, finalizadas, finalizados, concluya, concluyan, concluido,
    concluida, concluidos, concluidas, acabe, acaben, aprobado, aprobada, aprobados, aprobadas, disponible,
    disponibles, funcione, exista, mergeado, mergeada, mergeados, mergeadas, fusionado, fusionada, fusionados,
    fusionadas, integrado, integrada, integrados, integradas, cerrado, cerrada, cerrados, cerradas, desplegado,
    desplegada, desplegados, desplegadas
    """,
    fillers="""
    se, puede, pueden, debe, deben, solo, sólo, empieza, empezar, comienza, comenzar, comience, iniciar, inicia,
    esto, esta, este, y, pero, es, ejecutar, arranca, arrancar, que, ser, no
    """,
)

FRENCH = Language(
    free="""
    aucune dépendance, sans dépendance, sans dépendances, aucun prérequis, ne dépend de rien
    """,
    needs_fields="""
    dépendances, dépendance, dépend de, prérequis, pré requis, requiert, nécessite, bloqué par, bloquée par,
    après, précédé par, besoin de, dependances, depend de, attend
    """,
    blocks_fields="bloque, débloque, permet, prérequis pour, requis pour, avant, nécessaire pour",
    parallel_fields="""
    en parallèle avec, en parallèle de, parallèle à, parallèle avec, indépendant de, indépendante de
    """,
    needs="""
    dépend de, dépend du, dépend des, dépendent de, dépendent du, dépendent des, dépend d', dépendent d',
    requiert, requièrent, nécessite, nécessitent, bloqué par, bloquée par, s'appuie sur, s'appuient sur,
    repose sur, reposent sur, attend, attendent, attendre, a besoin de, a besoin du, a besoin des,
    ont besoin de, fait suite à, suit
    """,
    blocks="""
    bloque, bloquent, débloque, débloquent, est un prérequis pour, est un prérequis de, est nécessaire pour,
    est nécessaire à, est requis pour, est requise pour, précède, précèdent
    """,
    parallel="""
    en parallèle de, en parallèle avec, parallèlement à, indépendant de, indépendante de, indépendamment de
    """,
    later="""
    seulement après, qu'après, après, une fois que, une fois, dès que, dès, lorsque, quand, à la suite de,
    pas avant, à l'issue de
    """,
    earlier="avant de, avant que, avant",
    never="ne, n', pas, sans, aucune, aucun, ni, jamais",
    needless="n'a pas besoin, n'ont pas besoin, pas nécessaire",
    soft="""
    optionnel, optionnelle, idéalement, de préférence, si possible, facultatif, facultative, recommandé,
    recommandée, souhaitable, typiquement,
    pas obligatoire, ce serait mieux
    """,
    none="aucune, aucun, rien, néant, sans objet, aucune dépendance, pas de dépendance",
    everything="toutes, tous, tout, chaque, toute",
    before="précédentes, précédents, précédente, précédent, antérieures, antérieurs, ci-dessus",
    others="autres, reste",
    finished="""
    est, sont, soit, soient, a, ont, été, aura, terminé, terminée, terminés, terminées, achevé, achevée,
    achevés, achevées, fini, finie, finis, finies, fin, livré, livrée, livrés, validé, validée, validés,
    validées, livrées, prêt, prête, prêts, prêtes, disponible, disponibles, fusionné, fusionnée, fusionnés,
    fusionnées, mergé, mergée, mergés, mergées, clos, close, closes, déployé, déployée, déployés, déployées,
    en place, opérationnel, opérationnelle, acquis
    """,
    fillers="""
    il, elle, elles, ils, ce, cela, ceci, cette, peut, peuvent, doit, doivent, ne, commence, commencer,
    commencent, démarre, démarrer, être, et, mais, est, seulement, se, fait, on, que, lancer, lancée, lancé, pas
    """,
)

LANGUAGES = (ENGLISH, GERMAN, SPANISH, FRENCH, CHINESE, JAPANESE, KOREAN, PORTUGUESE, ITALIAN, OTHERS)
