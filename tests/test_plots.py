"""The plots beside figures: each point and interval is where its axis says."""

import re
from math import log2
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.changing import changing, table
from tests.conftest import SQLITE_FIRST
from tests.looking import pages, some

HTML = {"Accept": "text/html"}
TABLE = re.compile(r'<table class="outcomes">.*?</table>', re.DOTALL)
SVG = re.compile(r'<svg class="plot".*?</svg>', re.DOTALL)
ROW = re.compile(r'<tr id="([^"]+)">')
UNITY = 'class="unity" d="M'
CHANGED = "augment-outcome-03"
ON_SQLITE = pytest.mark.parametrize("client", SQLITE_FIRST, indirect=True)


class Plotted:
    """A table of ratios: its axis, and the plot of each row by the id of the figure."""

    def __init__(self, text: str) -> None:
        head, *rows = re.split(r"(?=<tr id=)", text)
        self.axis = ET.fromstring(SVG.findall(head)[0])  # noqa: S314  # our own picture
        self.plots = {
            ROW.findall(row)[0]: ET.fromstring(SVG.findall(row)[0])  # noqa: S314  # our own
            for row in rows
        }
        plot = next(iter(self.plots.values()))
        ticks = [
            float(re.findall(r"M([\d.]+)", path.attrib["d"])[0])
            for path in plot.iter("path")
            if path.attrib["class"] in ("tick", "unity")
        ]
        named = [float(text.text or "") for text in labels(self.axis, "label")]
        # Ticks are powers of two, and the first and last of the axis of these tables are named.
        self.unity = next(
            float(re.findall(r"M([\d.]+)", path.attrib["d"])[0])
            for path in plot.iter("path")
            if path.attrib["class"] == "unity"
        )
        self.octave = (ticks[-1] - ticks[0]) / log2(named[-1] / named[0])

    def read(self, x: float) -> float:
        """The ratio at a place of the axis."""
        return float(2 ** ((x - self.unity) / self.octave))


def labels(axis: ET.Element, kind: str) -> list[ET.Element]:
    return [text for text in axis.iter("text") if text.attrib["class"] == kind]


def shown(client: TestClient, address: str) -> dict[str, Plotted]:
    """Each table of ratios on a page, by each of its figures."""
    text = client.get(address, headers=HTML).text
    tables = [Plotted(one) for one in TABLE.findall(text) if UNITY in one]
    return {name: one for one in tables for name in one.plots}


@ON_SQLITE
def test_every_ratio_is_where_its_axis_says(client: TestClient) -> None:
    found = shown(client, "/trials")
    stored = pages(client, "/v1/outcomes?distinct=true&limit=200")
    for one in some(one for one in stored if one["unit"] == "ratio"):
        drawn = found[one["id"]]
        plot = drawn.plots[one["id"]]
        (point,) = plot.iter("rect")
        middle = float(point.attrib["x"]) + 5
        assert drawn.read(middle) == pytest.approx(one["value"], rel=0.005)
        lines = [path for path in plot.iter("path") if path.attrib["class"] == "interval"]
        ends = [float(x) for path in lines for x in re.findall(r"[MH]([\d.]+)", path.attrib["d"])]
        known = [end for end in (one["ci_low"], one["ci_high"]) if end is not None]
        assert [drawn.read(end) for end in ends] == pytest.approx(known, rel=0.005)


@ON_SQLITE
def test_the_side_that_favours_the_first_arm_is_that_of_the_measure(client: TestClient) -> None:
    words = client.get("/v1/vocabulary").json()["lists"]["measures"]
    sides = {word["id"]: word["favours"] for word in words if word["contrast"]}
    found = shown(client, "/trials")
    for one in some(pages(client, "/v1/outcomes?distinct=true&limit=200")):
        if one["unit"] == "ratio":
            drawn = found[one["id"]]
            (side,) = [text for text in labels(drawn.axis, "side") if "favours" in str(text.text)]
            left = side.attrib.get("text-anchor") == "end"
            assert sides[one["measure"]] == ("below" if left else "above")
            assert (float(side.attrib["x"]) < drawn.unity) is left
    assert set(sides.values()) == {"below", "above"}


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_what_is_beyond_the_axis_is_an_arrow_and_no_point(copy: Settings) -> None:
    changed = {"value": 0, "ci_low": 0, "ci_high": 900}
    with changing(copy) as connection:
        outcome = table("outcome")
        connection.execute(outcome.update().where(outcome.c.id == CHANGED).values(changed))
    with TestClient(create_app(copy)) as client:
        plot = shown(client, "/trials/augment")[CHANGED].plots[CHANGED]
    heads = [path.attrib["class"] for path in plot.iter("path") if path.attrib["d"].endswith("z")]
    assert sorted(heads) == ["beyond", "beyond", "point"]
    assert list(plot.iter("rect")) == []
