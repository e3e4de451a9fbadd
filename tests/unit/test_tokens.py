"""How many tokens a text has: known counts of an earlier model's own tokenizer, kept between bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch_tui.tokens import size, tokens_of

COUNTED = {
    "The parser reads the plan and says what is wrong with it. ": 13,
    "Разделы выполняются по очереди, как только завершено всё, чего они ждут. ": 37,
    "每个部分在其依赖的所有内容完成后依次执行。": 16,
    "各セクションは、待っているものがすべて完了すると順番に実行されます。": 31,
    "각 섹션은 기다리는 모든 것이 완료되면 차례로 실행됩니다. ": 34,
    "Οι ενότητες εκτελούνται με τη σειρά μόλις ολοκληρωθεί ό,τι περιμένουν. ": 79,
    "แต่ละส่วนจะทำงานตามลำดับเมื่อทุกสิ่งที่รอเสร็จสมบูรณ์แล้ว ": 108,
    "✅🚀🔥🎉📦🐛💡": 17,
}
"""Texts, and the tokens they have by that tokenizer."""


@pytest.mark.parametrize("text", COUNTED)
def test_no_script_is_taken_for_half_of_what_it_is(text: str):
    counted = COUNTED[text] * 10
    assert 0.95 * counted <= tokens_of(text * 10) <= 1.6 * counted


def test_digits_are_dearer_than_letters():
    assert tokens_of("0123456789" * 30) > tokens_of("abcdefghij" * 30) * 1.5


@given(st.text(), st.text())
def test_the_size_of_two_texts_is_that_of_both(one: str, other: str):
    assert size(one + other) == size(one) + size(other)
