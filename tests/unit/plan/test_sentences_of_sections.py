"""What a section of a plan says of itself in plain sentences, in eight languages: who comes first, and who need not."""

from __future__ import annotations

import pytest

from orch_tui.plan.parsing import parse

PLANS = {
    "en": ("Step ", ["Photo import", "Trial at the north gate", "Driver packaging", "Card stock", "Roll-out"]),
    "de": (
        "Schritt ",
        ["Fotos einlesen", "Probelauf am Nordtor", "Treiber paketieren", "Kartenmaterial", "Einführung"],
    ),
    "es": (
        "Paso ",
        ["Importar fotos", "Prueba en la puerta norte", "Empaquetar controladores", "Tarjetas", "Despliegue"],
    ),
    "fr": ("Étape ", ["Import des photos", "Essai à la porte nord", "Paquet des pilotes", "Cartes", "Déploiement"]),
    "pt": ("Etapa ", ["Importar fotos", "Teste no portão norte", "Pacote de drivers", "Cartões", "Implantação"]),
    "it": ("Fase ", ["Importare foto", "Prova al cancello nord", "Pacchetto driver", "Tessere", "Messa in opera"]),
    "zh": ("步骤", ["导入照片", "北门试运行", "打包驱动", "卡片材料", "全面推广"]),
    "ja": ("タスク", ["写真の取り込み", "北門での試行", "ドライバーの梱包", "カード用紙", "全体展開"]),
}
"""The generic word of a language, and the titles of its five sections."""


def edges(language: str, sentence: str) -> str:
    """The order of a plan whose fourth section says a sentence."""
    word, titles = PLANS[language]
    said = {4: sentence}
    parts = [f"## {word}{at}: {title}\n\n{said.get(at, 'Text.')}\n" for at, title in enumerate(titles, 1)]
    found = sorted((edge.downstream, edge.upstream) for edge in parse("# P\n\n" + "\n".join(parts)).dependencies)
    return " ".join(f"{after}<-{before}" for after, before in found) or "none"


@pytest.mark.parametrize(
    ("sentence", "order"),
    [
        ("Builds upon the photo import.", "4<-1"),
        ("This builds on top of step 1.", "4<-1"),
        ("Not before the trial has run for two weeks.", "4<-2"),
        ("Not until step 2 is through.", "4<-2"),
        ("When step 2 is through.", "4<-2"),
        ("When the trial at the north gate is through, this one starts.", "4<-2"),
        ("Comes last of the four: everything above must be done.", "4<-1 4<-2 4<-3"),
        ("At the very end.", "4<-1 4<-2 4<-3 4<-5"),
        ("Right at the end, when all the rest is done.", "4<-1 4<-2 4<-3 4<-5"),
        ("All other steps have to be complete.", "4<-1 4<-2 4<-3 4<-5"),
        ("All of the other steps need to be finished first.", "4<-1 4<-2 4<-3 4<-5"),
        ("All steps above have to be complete.", "4<-1 4<-2 4<-3"),
        ("All of the above must be in place.", "4<-1 4<-2 4<-3"),
        ("Everything before this has to be done.", "4<-1 4<-2 4<-3"),
        ("We need both the photo import and the trial for this.", "4<-1 4<-2"),
        ("You need the trial for this; the photos are irrelevant here.", "4<-2"),
        ("Step 2 has to be over.", "4<-2"),
        ("Hold off until the trial is over.", "4<-2"),
        ("Requires that steps 2 and 3 are finished.", "4<-2 4<-3"),
        ("This presumes steps 2 and 3.", "4<-2 4<-3"),
        ("Directly after the trial.", "4<-2"),
        ("Right after step 2.", "4<-2"),
        ("Immediately follows step 2.", "4<-2"),
        ("Second in line after step 2.", "4<-2"),
        ("Depends on the photos being imported.", "4<-1"),
        ("Once the photos are imported.", "4<-1"),
        ("As soon as photos have been imported, start here.", "4<-1"),
        ("Needs the packaged drivers.", "4<-3"),
        ("Step 2 need not be finished for this.", "none"),
        ("There is no need to wait for step 2.", "none"),
        ("Do not wait for step 2.", "none"),
        ("This does not have to wait for the trial.", "none"),
        ("Step 2 is not a precondition.", "none"),
        ("Irrespective of step 2.", "none"),
        ("Regardless of step 2.", "none"),
        ("May start before step 2 is finished.", "none"),
        ("Can start even before step 2.", "none"),
        ("Has nothing to do with step 2.", "none"),
        ("Does not care about step 2.", "none"),
        ("Would be nicer after step 2, but that is no must.", "none"),
        ("Preferably after step 2.", "none"),
        ("If possible after step 2.", "none"),
        ("After step 2 if there is time, otherwise right away.", "none"),
        ("Step 2 would help.", "none"),
        ("It helps if step 2 is done.", "none"),
        ("Not blocked by step 2.", "none"),
        ("Unrelated to step 2.", "none"),
        ("Needs step 1 but not step 2.", "4<-1"),
        ("After step 1, not after step 2.", "4<-1"),
        ("Waits for step 1; step 2 may run at the same time.", "4<-1"),
        ("After step 1 and step 3 but independent of step 2.", "4<-1 4<-3"),
        ("After steps 1 through 3.", "4<-1 4<-2 4<-3"),
        ("After the first three steps.", "4<-1 4<-2 4<-3"),
        ("After the first two.", "4<-1 4<-2"),
        ("After the previous step.", "4<-3"),
        ("Follows the step before it.", "4<-3"),
        ("After the two steps before it.", "4<-2 4<-3"),
        ("After step 1 or step 2, whichever is first.", "4<-1 4<-2"),
        ("Step 5 has to wait for this.", "5<-4"),
        ("Must be done before step 5.", "5<-4"),
        ("Precondition of step 5.", "5<-4"),
        ("Step 5 is impossible without it.", "5<-4"),
        ("Opens the way for step 5.", "5<-4"),
        ("Step 5 cannot start until this is signed off.", "5<-4"),
        ("Once the trial has run for two weeks without a jam.", "4<-2"),
        ("You need the trial for this as well; the photos are irrelevant here.", "4<-2"),
        ("Recommended but not required: step 2.", "none"),
        ("Not needed: step 2.", "none"),
        ("Wants step 2 finished; step 1 is irrelevant.", "4<-2"),
        ("Sits on top of step 2.", "4<-2"),
        ("Steps 1 to 3 must be done, except step 2.", "4<-1 4<-3"),
        ("Depends on everything else in this plan but step 5.", "4<-1 4<-2 4<-3"),
        ("Would be nicer after: step 2", "none"),
        ("After step 1, together with step 5.", "4<-1"),
    ],
)
def test_a_section_says_in_english_what_it_waits_for(sentence: str, order: str) -> None:
    assert edges("en", sentence) == order


@pytest.mark.parametrize(
    ("sentence", "order"),
    [
        ("Baut auf Schritt 1 auf.", "4<-1"),
        ("Erst wenn Schritt 2 durch ist.", "4<-2"),
        ("Nicht vor Schritt 2.", "4<-2"),
        ("Beginnt nicht, bevor Schritt 2 abgenommen ist.", "4<-2"),
        ("Sobald 2 und 3 feststehen.", "4<-2 4<-3"),
        ("Sobald die Schritte 2 und 3 vorliegen.", "4<-2 4<-3"),
        ("Voraussetzung sind die Schritte 2 und 3.", "4<-2 4<-3"),
        ("Vorausgesetzt werden Schritt 2 und Schritt 3.", "4<-2 4<-3"),
        ("Setzt voraus, dass Schritt 2 fertig ist.", "4<-2"),
        ("Setzt voraus, dass die Treiber paketiert sind.", "4<-3"),
        ("Muss auf Schritt 2 warten.", "4<-2"),
        ("Schritt 2 muss vorher abgeschlossen sein.", "4<-2"),
        ("Schritt 2 muss fertig sein.", "4<-2"),
        ("Direkt im Anschluss an Schritt 2.", "4<-2"),
        ("Kann erst nach dem Probelauf am Nordtor starten.", "4<-2"),
        ("Wenn alles Vorherige erledigt ist.", "4<-1 4<-2 4<-3"),
        ("Alle vorherigen Schritte müssen abgeschlossen sein.", "4<-1 4<-2 4<-3"),
        ("Ganz zum Schluss.", "4<-1 4<-2 4<-3 4<-5"),
        ("Alle anderen Schritte müssen fertig sein.", "4<-1 4<-2 4<-3 4<-5"),
        ("Als Letztes.", "4<-1 4<-2 4<-3 4<-5"),
        ("Nach den Schritten 1 bis 3.", "4<-1 4<-2 4<-3"),
        ("Muss nicht auf Schritt 2 warten.", "none"),
        ("Auf Schritt 2 muss nicht gewartet werden.", "none"),
        ("Von Schritt 2 unabhängig.", "none"),
        ("Unabhängig von Schritt 2.", "none"),
        ("Schritt 2 ist dafür nicht nötig.", "none"),
        ("Schritt 2 muss dafür nicht fertig sein.", "none"),
        ("Am besten nach Schritt 2, muss aber nicht.", "none"),
        ("Wenn möglich nach Schritt 2.", "none"),
        ("Schön wäre es nach Schritt 2.", "none"),
        ("Schritt 2 wäre hilfreich, ist aber keine Voraussetzung.", "none"),
        ("Ist Voraussetzung für Schritt 5.", "5<-4"),
        ("Muss vor Schritt 5 fertig sein.", "5<-4"),
        ("Geht erst, wenn der Probelauf am Nordtor beendet ist.", "4<-2"),
        ("Folgt unmittelbar auf Schritt 2.", "4<-2"),
        ("Die Schritte 1 bis 3 müssen erledigt sein, ausgenommen Schritt 2.", "4<-1 4<-3"),
        ("Wäre nach Schritt 2 am schönsten, ist aber nicht darauf angewiesen.", "none"),
        ("Sollte nach der Einführung stattfinden.", "4<-5"),
    ],
)
def test_a_section_says_in_german_what_it_waits_for(sentence: str, order: str) -> None:
    assert edges("de", sentence) == order


@pytest.mark.parametrize(
    ("sentence", "order"),
    [
        ("No empieza hasta que termine el paso 2.", "4<-2"),
        ("Solo cuando el paso 2 esté listo.", "4<-2"),
        ("Una vez terminado el paso 2.", "4<-2"),
        ("Después del paso 2.", "4<-2"),
        ("Tras el paso 2.", "4<-2"),
        ("Necesita el resultado del paso 2.", "4<-2"),
        ("El paso 2 debe estar terminado.", "4<-2"),
        ("Requiere que los pasos 2 y 3 estén terminados.", "4<-2 4<-3"),
        ("Cuando los pasos 2 y 3 estén listos.", "4<-2 4<-3"),
        ("Cuando estén listos todos los pasos anteriores.", "4<-1 4<-2 4<-3"),
        ("Todos los pasos anteriores deben estar terminados.", "4<-1 4<-2 4<-3"),
        ("Después de todo lo anterior.", "4<-1 4<-2 4<-3"),
        ("Al final de todo.", "4<-1 4<-2 4<-3 4<-5"),
        ("Todos los demás pasos deben estar terminados.", "4<-1 4<-2 4<-3 4<-5"),
        ("Después de los pasos 1 a 3.", "4<-1 4<-2 4<-3"),
        ("No depende del paso 2.", "none"),
        ("No hace falta esperar al paso 2.", "none"),
        ("No tiene que esperar al paso 2.", "none"),
        ("Sin esperar al paso 2.", "none"),
        ("Independiente del paso 2.", "none"),
        ("Si es posible, después del paso 2.", "none"),
        ("Mejor después del paso 2, pero no es obligatorio.", "none"),
        ("El paso 5 espera a este.", "5<-4"),
        ("Es requisito del paso 5.", "5<-4"),
        ("Debe terminar antes del paso 5.", "5<-4"),
    ],
)
def test_a_section_says_in_spanish_what_it_waits_for(sentence: str, order: str) -> None:
    assert edges("es", sentence) == order


@pytest.mark.parametrize(
    ("sentence", "order"),
    [
        ("Ne peut commencer qu'une fois l'étape 2 terminée.", "4<-2"),
        ("Pas avant la fin de l'étape 2.", "4<-2"),
        ("Une fois l'étape 2 achevée.", "4<-2"),
        ("Après l'étape 2.", "4<-2"),
        ("Dépend de l'étape 2.", "4<-2"),
        ("Dès que l'étape 2 est terminée.", "4<-2"),
        ("L'étape 2 doit être terminée.", "4<-2"),
        ("Il faut attendre l'étape 2.", "4<-2"),
        ("Nécessite les étapes 2 et 3.", "4<-2 4<-3"),
        ("Quand les étapes 2 et 3 sont prêtes.", "4<-2 4<-3"),
        ("Toutes les étapes précédentes doivent être terminées.", "4<-1 4<-2 4<-3"),
        ("Toutes les autres étapes doivent être terminées.", "4<-1 4<-2 4<-3 4<-5"),
        ("Tout à la fin.", "4<-1 4<-2 4<-3 4<-5"),
        ("En tout dernier.", "4<-1 4<-2 4<-3 4<-5"),
        ("Après les étapes 1 à 3.", "4<-1 4<-2 4<-3"),
        ("Ne dépend pas de l'étape 2.", "none"),
        ("N'attend pas l'étape 2.", "none"),
        ("Sans attendre l'étape 2.", "none"),
        ("Indépendant de l'étape 2.", "none"),
        ("De préférence après l'étape 2.", "none"),
        ("Idéalement après l'étape 2, mais ce n'est pas obligatoire.", "none"),
        ("L'étape 5 attend celle-ci.", "5<-4"),
        ("Bloque l'étape 5.", "5<-4"),
    ],
)
def test_a_section_says_in_french_what_it_waits_for(sentence: str, order: str) -> None:
    assert edges("fr", sentence) == order


@pytest.mark.parametrize(
    ("sentence", "order"),
    [
        ("Depois da etapa 2.", "4<-2"),
        ("Depende da etapa 2.", "4<-2"),
        ("Requer as etapas 2 e 3.", "4<-2 4<-3"),
        ("A etapa 2 deve estar concluída.", "4<-2"),
        ("Só pode começar quando a etapa 2 estiver concluída.", "4<-2"),
        ("Todas as etapas anteriores devem estar concluídas.", "4<-1 4<-2 4<-3"),
        ("Por último, quando todas as outras etapas estiverem prontas.", "4<-1 4<-2 4<-3 4<-5"),
        ("Não depende da etapa 2.", "none"),
        ("Independente da etapa 2.", "none"),
    ],
)
def test_a_section_says_in_portuguese_what_it_waits_for(sentence: str, order: str) -> None:
    assert edges("pt", sentence) == order


@pytest.mark.parametrize(
    ("sentence", "order"),
    [
        ("Dipende dalla fase 2.", "4<-2"),
        ("Inizia dopo la fase 2.", "4<-2"),
        ("Richiede le fasi 2 e 3.", "4<-2 4<-3"),
        ("Solo quando la fase 2 è completata.", "4<-2"),
        ("La fase 2 deve essere completata.", "4<-2"),
        ("Tutte le fasi precedenti devono essere terminate.", "4<-1 4<-2 4<-3"),
        ("Alla fine di tutto.", "4<-1 4<-2 4<-3 4<-5"),
        ("Non dipende dalla fase 2.", "none"),
        ("Indipendente dalla fase 2.", "none"),
        ("Se possibile dopo la fase 2.", "none"),
    ],
)
def test_a_section_says_in_italian_what_it_waits_for(sentence: str, order: str) -> None:
    assert edges("it", sentence) == order


@pytest.mark.parametrize(
    ("sentence", "order"),
    [
        ("需要步骤1的结果。", "4<-1"),
        ("需要步骤1的产出。", "4<-1"),
        ("在步骤1的基础上进行。", "4<-1"),
        ("以步骤1为前提。", "4<-1"),
        ("步骤2完成后才能开始。", "4<-2"),
        ("步骤2结束之后开始。", "4<-2"),
        ("等步骤2上线后再做。", "4<-2"),
        ("必须先完成步骤2。", "4<-2"),
        ("须在步骤2之后。", "4<-2"),
        ("步骤2和步骤3都完成后开始。", "4<-2 4<-3"),
        ("需要步骤2、步骤3。", "4<-2 4<-3"),
        ("步骤1至步骤3全部完成后。", "4<-1 4<-2 4<-3"),
        ("步骤1-3完成后开始。", "4<-1 4<-2 4<-3"),
        ("前面所有步骤完成之后。", "4<-1 4<-2 4<-3"),
        ("前三步完成后。", "4<-1 4<-2 4<-3"),
        ("其他所有步骤完成之后。", "4<-1 4<-2 4<-3 4<-5"),
        ("放在最后。", "4<-1 4<-2 4<-3 4<-5"),
        ("最后进行，其余步骤必须全部完成。", "4<-1 4<-2 4<-3 4<-5"),
        ("不依赖步骤2。", "none"),
        ("无需等待步骤2。", "none"),
        ("不用等步骤2完成。", "none"),
        ("与步骤2无关。", "none"),
        ("可与步骤2并行。", "none"),
        ("最好在步骤2之后，但不强制。", "none"),
        ("建议在步骤2之后进行。", "none"),
        ("步骤5依赖本步骤。", "5<-4"),
        ("步骤5必须等本步骤完成。", "5<-4"),
    ],
)
def test_a_section_says_in_chinese_what_it_waits_for(sentence: str, order: str) -> None:
    assert edges("zh", sentence) == order


@pytest.mark.parametrize(
    ("sentence", "order"),
    [
        ("タスク1の完了後に着手する。", "4<-1"),
        ("タスク1の結果が必要。", "4<-1"),
        ("タスク1の成果物を使う。", "4<-1"),
        ("タスク1が終わってから開始。", "4<-1"),
        ("タスク1の後。", "4<-1"),
        ("タスク1に依存する。", "4<-1"),
        ("タスク1を待つ。", "4<-1"),
        ("タスク1が前提。", "4<-1"),
        ("タスク1の完了が必須。", "4<-1"),
        ("タスク1が完了していること。", "4<-1"),
        ("タスク1が完了するまで着手できない。", "4<-1"),
        ("タスク2〜3の完了が必須。", "4<-2 4<-3"),
        ("タスク2とタスク3の両方が終わってから。", "4<-2 4<-3"),
        ("タスク2、タスク3の完了後。", "4<-2 4<-3"),
        ("他のすべてのタスクが完了してから。", "4<-1 4<-2 4<-3 4<-5"),
        ("最後に実施。", "4<-1 4<-2 4<-3 4<-5"),
        ("タスク2を待つ必要はない。", "none"),
        ("タスク2の完了を待たずに開始できる。", "none"),
        ("タスク2には依存しない。", "none"),
        ("タスク2とは独立。", "none"),
        ("タスク2と並行して進められる。", "none"),
        ("できればタスク2の後が望ましい。", "none"),
        ("タスク2の後が望ましいが、必須ではない。", "none"),
        ("タスク5の前提となる。", "5<-4"),
        ("タスク5の前に完了させる。", "5<-4"),
    ],
)
def test_a_section_says_in_japanese_what_it_waits_for(sentence: str, order: str) -> None:
    assert edges("ja", sentence) == order
