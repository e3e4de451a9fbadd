"""From the bytes of a pipe to pieces of text."""

from __future__ import annotations

import asyncio

from orch_tui.agents.output import CHUNK, Tail, pieces


def pipe(*chunks: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    for chunk in chunks:
        reader.feed_data(chunk)
    reader.feed_eof()
    return reader


async def test_a_character_split_between_two_reads_is_put_together():
    reader = asyncio.StreamReader()
    found: list[str] = []

    async def read() -> None:
        found.extend([piece async for piece in pieces(reader, hold=0.001)])

    async with asyncio.TaskGroup() as group:
        group.create_task(read())
        for byte in "né€\n".encode():
            reader.feed_data(bytes([byte]))
            await asyncio.sleep(0.003)
        reader.feed_eof()
    assert "".join(found) == "né€\n"


async def test_bytes_that_are_not_utf8_become_replacement_characters():
    assert "".join([piece async for piece in pieces(pipe(b"a\xffb\n", b"\xe2\x82"))]) == "a\ufffdb\n\ufffd"


async def test_a_line_without_an_end_flows_through_in_bounded_pieces():
    size = 5_000_000
    found = [piece async for piece in pieces(pipe(b"x" * size))]
    assert sum(map(len, found)) == size
    assert max(map(len, found)) <= 2 * CHUNK


async def test_an_unfinished_line_is_shown_after_a_moment():
    reader = asyncio.StreamReader()
    reader.feed_data(b"Continue? ")
    async with asyncio.timeout(60):
        assert await anext(pieces(reader, hold=0.01)) == "Continue? "


async def test_no_output_gives_no_pieces():
    assert [piece async for piece in pieces(pipe())] == []


def test_a_tail_keeps_the_last_lines_that_say_something():
    tail = Tail()
    tail.add("one\ntwo\n")
    tail.add("th")
    tail.add("ree\n\n  \nfour\n")
    assert tail.lines(2) == "three\nfour"
    assert tail.lines(1, width=3) == "fo…"


def test_a_tail_of_an_endless_output_stays_small():
    tail = Tail(size=100)
    for _ in range(1000):
        tail.add("x" * 50)
    assert len(tail.lines(1, width=1000)) == 100
