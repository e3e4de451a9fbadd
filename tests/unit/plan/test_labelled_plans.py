"""Whole plans against their labels in tests/plans: ids, titles, done marks, dependencies, findings."""

from pathlib import Path

import pytest
import yaml

from orch_tui.plan.parsing import as_json, decode, parse

PLANS = Path(__file__).parents[2] / "plans"
LABELS = sorted(PLANS.glob("*.expected.yaml"))


def written(label: Path) -> Path:
    """The plan beside a label; it may be Markdown, JSON, JSON lines or YAML."""
    name = label.name.removesuffix(".expected.yaml")
    return next(
        path for kind in ("md", "json", "jsonl", "yaml") if (path := label.with_name(f"{name}.{kind}")).exists()
    )


@pytest.mark.parametrize("label", LABELS, ids=lambda path: path.name.split(".")[0])
def test_a_labelled_plan_comes_out_as_its_label_says(label: Path) -> None:
    expected = yaml.safe_load(label.read_text())
    plan = as_json(parse(decode(written(label).read_bytes())))
    got = [(s["id"], s["title"], s["done"], set(s["depends_on"])) for s in plan["sections"]]
    assert got == [(s["id"], s["title"], s["done"], set(s["depends_on"])) for s in expected["sections"]]
    found = sorted((f["type"], f["ids"]) for f in plan["findings"])
    assert found == sorted((f["type"], f["ids"]) for f in expected["findings"])


def test_there_are_labelled_plans() -> None:
    assert len(LABELS) >= 20
