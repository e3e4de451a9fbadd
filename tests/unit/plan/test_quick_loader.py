"""Front matter is read by the quick loader; what that one refuses, the one says that explains it best."""

import pytest
import yaml

from orch_tui.plan.settings import read_settings

BROKEN = "title: Plan\ntodos: [a, b\n"
TODOS = "title: Plan\ntodos:\n  - id: a\n    content: 'First'\n  - id: b\n    after: [a]\n"


def without_quick_loader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)


def test_both_loaders_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = read_settings(TODOS, 2)
    without_quick_loader(monkeypatch)
    assert quick == read_settings(TODOS, 2)
    assert quick[0]["todos"] == [{"id": "a", "content": "First"}, {"id": "b", "after": ["a"]}]


@pytest.mark.parametrize("text", [BROKEN, "a: &x 1\nb: *x\n", "a: !!python/name:os.system ''\n", "a: b: c\n"])
def test_what_is_wrong_is_said_alike_by_both(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings, [finding] = read_settings(text, 2)
    without_quick_loader(monkeypatch)
    assert (settings, [finding]) == read_settings(text, 2)
    assert finding.type == "invalid-front-matter"
