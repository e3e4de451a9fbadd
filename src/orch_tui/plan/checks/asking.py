"""Sentences that ask for work: "Run the whole suite once more", "Alles noch einmal testen", "运行所有测试"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orch_tui.plan.fields import plain
from orch_tui.plan.marks import box
from orch_tui.plan.sentences import sentence_end

_VERBS = """
    verify|validate|confirm|compare|measure|click|ask|send|install|ensure|prove|restart|publish|inspect|exercise|write
    |rehearse|restore|delete|remove|try|rerun|re-run|double-check
"""
_NOUNS_TOO = """
    run|check|test|review|open|walk|deploy|build|read|make|demo|show|play|boot|start|tag|merge|record|update|hand|import
    |load|log|sign|take|watch|put|go|do|click
"""
"""Verbs that are nouns as often, so that the next word must tell: "Run the tests", and not "Run time"."""
_OBJECT = r"""
    (?:(?:the|an?|all|every|each|any|both|that|it|them|this|these|those|once|again|against|through|for|on|in|with|whether
    |if|how|your|our|its|my|everything|one|sure|over|off|up|to|out|and|from|via|\d+)\b
    |[`"']|(?:\w+\ )?(?:tests?|suite|checks)\W*$)
"""
_NO_SUBJECT = r"(?!\s+(?:by|of|is|are|was|were|has|have|will|can|may|must|should)\b)"
_ENGLISH = rf"(?:{_VERBS}){_NO_SUBJECT}\s+\S|(?:{_NOUNS_TOO})\s+{_OBJECT}"
_ROMANCE = r"""
    (?:ejecut|prob|verific|comprob|revis|compar|confirm|valid)(?:ar|e)\s+\S|(?:medir|abrir|desplegar|pasar|repetir)\s+\S
    |(?:lancer|vérifier|tester|comparer|mesurer|ouvrir|déployer|relire|confirmer|valider|essayer)\s+\S
    |(?:executar|testar|verificar|rodar)\s+\S|(?:eseguire|provare|verificare|confrontare|misurare|controllare)\s+\S
    |(?:führe|prüfe|teste|starte|öffne|vergleiche|lies|miss|spiele)n?\s+\S
"""
_ASKS = re.compile(
    rf"(?:(?:finally|then|also|now|please|zuletzt|dann|luego|enfin|puis),?\s+)?(?:{_ENGLISH}|{_ROMANCE})",
    re.IGNORECASE | re.VERBOSE,
)
_GERMAN = re.compile(
    r"(?!.*\b(?:müssen|können|sollen|dürfen|werden|wird|sind|ist|lassen)\b).{4,80}\s\w*(?:führen|prüfen|testen|spielen|messen"
    r"|starten|gehen|sehen|richten|rollen)$",
    re.IGNORECASE,
)
_GLUED = re.compile(
    r"(?:再次?|最后|重新|全面)?(?:运行|检查|验证|确认|测试|部署|执行|对比)(?!结果|报告|通过|标准|清单|环境|用例)[^，。]{2,}"
    r"|.{2,60}を(?:確認|実行|検証|テスト|比較|計測)(?:する|します)?$"
)
_LONGEST = 400


def asks_for_work(line: str) -> bool:
    """Whether most sentences of a line or paragraph ask for something to be done that is not done yet."""
    mark, words, _ = box(line.strip().lstrip("-*+ "))
    if words and mark == "done":
        return False
    told = list(_sentences(plain(line)[:_LONGEST]))
    asked = sum(bool(_ASKS.match(one) or _GERMAN.match(one) or _GLUED.match(one)) for one in told)
    return asked > 0 and 2 * asked >= len(told)


def _sentences(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        end = sentence_end(text, at, len(text))
        if said := text[at:end].strip(" *_(["):
            yield said
        at = end + 1
