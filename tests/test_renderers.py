"""Pictures are right in the programs that authors of papers use: nothing missing, nothing moved.

Each program draws each picture twice, with its texts and without. What it draws is compared, place
by place, with what the library does that draws our own PNG.
"""

import io
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from ctypes.util import find_library
from importlib import import_module
from pathlib import Path

import pytest
import resvg_py
from PIL import Image
from starlette.testclient import TestClient

from tests.limits import SECONDS
from tests.looking import some

pytestmark = pytest.mark.full

KINDS = {
    "whole network": "/v1/graph?",
    "mechanism": "/v1/mechanisms/adcc-enhancement/graph?",
    "resistance": "/v1/mechanisms/cereblon-loss-resistance/graph?",
    "paths": "/v1/graph/paths?source=lenalidomide&target=irf4&",
    "rationale": "/v1/partners/rituximab/rationale?",
}
TEXT = re.compile(r"<text.*?</text>", re.DOTALL)
# The side of a square whose mean colour is compared, in pixels, and what differs at most, of 255:
# each program has its own way to smooth an edge, and its own width of a letter.
SQUARE = 16
MOST_ANYWHERE, MOST_ON_AVERAGE = 40, 1.5
# A text is there if it has left a fifth of the ink that it leaves elsewhere; a single letter in the
# corner of a square leaves too little to tell.
LEAST_INK, LEAST_SHARE = 10, 0.2

Draw = Callable[[Path], None]
"""Draws every `*.svg` of a folder as a `.png` beside it."""


def cairosvg(folder: Path) -> None:
    for path in folder.glob("*.svg"):
        import_module("cairosvg").svg2png(url=str(path), write_to=str(path.with_suffix(".png")))


def librsvg(folder: Path) -> None:
    for path in folder.glob("*.svg"):
        run(folder, "rsvg-convert", "-o", str(path.with_suffix(".png")), str(path))


def inkscape(folder: Path) -> None:
    run(folder, "inkscape", "--export-type=png", "--export-dpi=96", *names(folder))


def libreoffice(folder: Path) -> None:
    run(folder, "soffice", "--headless", "--convert-to", "png", *names(folder))


def chromium(folder: Path) -> None:
    playwright = import_module("playwright.sync_api")
    with playwright.sync_playwright() as program:
        browser = program.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        for path in folder.glob("*.svg"):
            width, height = map(int, re.findall(r' (?:width|height)="(\d+)"', path.read_text())[:2])
            page.set_viewport_size({"width": width, "height": height})
            page.goto(path.as_uri())
            page.screenshot(path=path.with_suffix(".png"))
        browser.close()


def run(folder: Path, *command: str) -> None:
    environment = os.environ | {"HOME": str(folder)}
    subprocess.run(
        command, check=True, cwd=folder, env=environment, capture_output=True, timeout=SECONDS
    )


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.svg"))


def program(draw: Draw, package: str, found: str | None) -> object:
    reason = f"{draw.__name__} needs the package {package}, which is missing: apt-get install it"
    return pytest.param(draw, id=draw.__name__, marks=pytest.mark.skipif(not found, reason=reason))


PROGRAMS = [
    program(cairosvg, "libcairo2", find_library("cairo")),
    program(librsvg, "librsvg2-bin", shutil.which("rsvg-convert")),
    program(chromium, "chromium", shutil.which("chromium")),
    program(inkscape, "inkscape", shutil.which("inkscape")),
    program(libreoffice, "libreoffice-draw", shutil.which("soffice")),
]


@pytest.fixture(scope="module")
def pictures(apps: Mapping[str, TestClient]) -> dict[str, str]:
    """Every kind of picture in both layouts and themes; those without texts end in `-bare`."""
    found: dict[str, str] = {}
    for kind, address in KINDS.items():
        for layout in ("dot", "lanes"):
            for theme in ("light", "dark"):
                asked = f"{address}format=svg&layout={layout}&theme={theme}"
                text = apps["sqlite"].get(asked).text
                name = f"{kind}-{layout}-{theme}".replace(" ", "-")
                found |= {name: text, f"{name}-bare": TEXT.sub("", text)}
    return found


@pytest.fixture(scope="module")
def expected(pictures: Mapping[str, str]) -> dict[str, Image.Image]:
    return {name: opened(resvg_py.svg_to_bytes(svg_string=text)) for name, text in pictures.items()}


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def squares(image: Image.Image) -> Image.Image:
    """The mean colour of each square, and a little of its neighbours': lines may lie between."""
    width, height = (max(1, side // SQUARE) for side in image.size)
    whole = image.crop((0, 0, width * SQUARE, height * SQUARE))
    return whole.resize((width, height), Image.Resampling.BILINEAR)


def values(image: Image.Image) -> Iterator[tuple[int, ...]]:
    data = image.tobytes()
    return (tuple(data[at : at + 3]) for at in range(0, len(data), 3))


def differences(one: Image.Image, other: Image.Image) -> list[int]:
    """How much the mean colours of each square differ."""
    pairs = zip(values(squares(one)), values(squares(other)), strict=True)
    return [max(abs(a - b) for a, b in zip(*pair, strict=True)) for pair in pairs]


@pytest.mark.parametrize("draw", PROGRAMS)
def test_a_picture_is_the_same_in_every_program(
    draw: Draw, pictures: Mapping[str, str], expected: Mapping[str, Image.Image], tmp_path: Path
) -> None:
    for name, text in pictures.items():
        (tmp_path / f"{name}.svg").write_text(text, "utf-8")

    draw(tmp_path)

    drawn = {name: opened((tmp_path / f"{name}.png").read_bytes()) for name in pictures}
    worst, means, shares = 0, [0.0], [1.0]
    for name in some(one for one in pictures if not one.endswith("-bare")):
        size = expected[name].size
        width, height = drawn[name].size
        assert abs(width * size[1] / size[0] - height) <= 2, name
        whole, bare = (drawn[one].resize(size) for one in (name, f"{name}-bare"))
        apart = differences(whole, expected[name])
        means.append(sum(apart) / len(apart))
        if height < size[1]:
            # LibreOffice makes no picture higher than 2,048 pixels, and letters are never as small.
            continue
        worst = max(worst, *apart)
        ink = zip(
            differences(expected[name], expected[f"{name}-bare"]),
            differences(whole, bare),
            strict=True,
        )
        shares += [there / wanted for wanted, there in ink if wanted >= LEAST_INK]
    print(
        f"\n{draw.__name__}: {len(means) - 1} pictures, squares differ by at most {worst} of 255, "
        f"{max(means):.2f} on average; of the ink of texts at least {min(shares):.0%} everywhere"
    )
    assert worst <= MOST_ANYWHERE
    assert max(means) <= MOST_ON_AVERAGE
    assert min(shares) >= LEAST_SHARE
