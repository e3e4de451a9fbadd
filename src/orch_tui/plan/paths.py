"""Files that a text names: `src/app.py`, tests/test_app.py:10-20, "Makefile"; not addresses, versions or commands."""

from __future__ import annotations

import re

_ENDINGS = """
    py pyi ts tsx js jsx mjs cjs vue svelte astro go rs java kt kts scala swift m mm c h cc cpp hpp cs fs rb php
    pl lua r jl ex exs erl hs ml clj dart sol zig nim sql prisma graphql gql proto html htm css scss sass less
    md mdx rst txt adoc json jsonc jsonl json5 yaml yml toml ini cfg conf env lock xml csv tsv sh bash zsh fish
    ps1 bat mk cmake gradle tf hcl dockerfile ipynb svg png scpt plist storyboard xib puml mmd tape snap j2
    jinja tmpl
"""
_ENDING = "(?:" + "|".join(sorted(_ENDINGS.split(), key=len, reverse=True)) + ")"
_PATH = re.compile(
    r"(?<![\w/.@:-])(?:\.{0,2}/)?(?:[\w.@+\[\]{}()*-]+/)*[\w.@+\[\]*-]*[\w\])*]\." + _ENDING + r"(?![\w/-])(?!\.\w)"
    r"|(?<![\w/.@:-])(?:\.{0,2}/)?(?:[\w.@+-]+/)+(?=[\s`,;)\]]|$)"
    r"|(?<![\w/.@:-])(?:[\w.@+-]+/)*(?:Makefile|Dockerfile|Gemfile|Rakefile|Procfile|Justfile|CMakeLists\.txt)(?![\w/])",
    re.IGNORECASE,
)
_SPAN = re.compile(r"`([^`\n]{1,300})`")
_LINES = re.compile(r":\d+(?:[-,:]\d+)*$")
_ADDRESS = re.compile(r"\w+://\S+|\bwww\.\S+|(?<![^\s@])[^\s@]++@[^\s@]+\.\w+")
_LONGEST = 4_000
_MOST = 50


def paths(text: str) -> tuple[str, ...]:
    """The files named in `text`, in order, each once, without line numbers; at most 50."""
    text = _ADDRESS.sub(" ", text[:_LONGEST])
    found = (_LINES.sub("", hit[0]).removeprefix("./") for hit in _PATH.finditer(text))
    return tuple(dict.fromkeys(one for one in found if _sound(one)))[:_MOST]


def spans(text: str) -> tuple[str, ...]:
    """What stands between backticks in `text`."""
    return tuple(found[1].strip() for found in _SPAN.finditer(text[:_LONGEST]))


def _sound(path: str) -> bool:
    """Not a bare ending, a product ("Node.js") or a version."""
    if path.lower() in {
        "node.js",
        "vue.js",
        "next.js",
        "react.js",
        "express.js",
        "three.js",
        "d3.js",
        "nuxt.js",
        "p5.js",
    }:
        return False
    return bool(re.search(r"\w", path.rpartition(".")[0] or path)) and not re.fullmatch(r"[\d.]+/?", path)
