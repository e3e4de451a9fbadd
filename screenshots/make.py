"""Draws the pictures of the README: `python screenshots/make.py [directory]`. PNG too when Chromium is installed.

Everything in them is staged (scene.py) at a clock that stands still, so the same code draws the same pictures.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ["TEXTUAL_ANIMATIONS"] = "none"  # before textual is imported
os.environ["TZ"] = "UTC"
sys.path.insert(0, str(Path(__file__).parents[1]))

from screenshots import scene

from orch_tui.cockpit.app import Cockpit
from orch_tui.testing.stage import Stage


@dataclass(frozen=True, slots=True)
class Picture:
    """A name, what is staged, the terminal's size, the keys pressed before, the theme."""

    name: str
    stage: Callable[[Path], Stage]
    size: tuple[int, int] = (120, 36)
    keys: tuple[str, ...] = ()
    theme: str = "orch-dark"


PICTURES = (
    Picture("review", scene.reviewed, keys=("j",)),
    Picture("review-script", scene.reviewed),
    Picture("mending", scene.mended, keys=("j", "j", "j")),
    Picture("picker", scene.reviewed, keys=("G", "k", "e", *"conf")),
    Picture("proposals", scene.mended, keys=("p",)),
    Picture("difference", scene.changed, keys=("r", "j", "j")),
    Picture("run", scene.under_way),
    Picture("going-on", scene.under_way, keys=("L",)),
    Picture("permission", scene.under_way, keys=("o",)),
    Picture("steer", scene.under_way, keys=("1", "i", *"keep the old name as an alias for one release")),
    Picture("phases", scene.phased),
    Picture("result", scene.under_way, keys=("g", "j", "e")),
    Picture("brief", scene.under_way, keys=("G", "b")),
    Picture("narrow", scene.under_way, size=(80, 24)),
    Picture("light", scene.under_way, keys=("1",), theme="orch-light"),
    Picture("help", scene.under_way, keys=("question_mark",)),
)


async def draw(picture: Picture, folder: Path) -> Path:
    """Draw one picture as SVG."""
    with tempfile.TemporaryDirectory() as root:
        stage = picture.stage(Path(root))
        app = Cockpit(stage.run, clock=stage.clock, theme_name=picture.theme, plan_changed=lambda _: "")
        async with app.run_test(size=picture.size) as pilot:
            while app.follower is None:
                await pilot.pause(0.05)
            await pilot.pause(0.5)
            for key in picture.keys:
                await pilot.press({" ": "space"}.get(key, key))
            await pilot.pause(0.6)
            svg = app.export_screenshot(title="orch-tui")
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)  # no font from elsewhere
    path = folder / f"{picture.name}.svg"
    path.write_text(svg)
    return path


def rasterise(path: Path) -> None:
    """The same picture as PNG: Chromium keeps the grid of the letters, other programs do not."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)', path.read_text())
    if chromium is None or size is None:
        return
    width, height = (int(float(side)) + 1 for side in size.groups())
    with tempfile.TemporaryDirectory() as scratch:
        page = Path(scratch) / "page.html"
        page.write_text(f"<body style='margin:0'><img src='{path.resolve().as_uri()}' width={width} height={height}>")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={scratch}"]
        shot = [f"--window-size={width},{height}", f"--screenshot={path.resolve().with_suffix('.png')}", page.as_uri()]
        subprocess.run([chromium, *options, *shot], check=True, capture_output=True, timeout=120)


def main() -> None:
    """Draw them all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    folder.mkdir(parents=True, exist_ok=True)
    for picture in PICTURES:
        rasterise(asyncio.run(draw(picture, folder)))


if __name__ == "__main__":
    main()
