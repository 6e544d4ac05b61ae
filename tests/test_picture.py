"""The network as a picture, over HTTP, on both databases."""

import itertools
import re
import stat
import struct
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.errors import TELL_OPERATOR, Unavailable
from app.main import create_app
from app.picture.layout import KEPT, Layouts
from app.settings import Settings
from tests.changing import add_edge, add_entity, allow_odd_ids, changing
from tests.conftest import Clients
from tests.looking import some

SVG = "{http://www.w3.org/2000/svg}"
ADDRESSES = [
    "/v1/graph?basis=textbook",
    "/v1/graph/paths?source=lenalidomide&target=tumour-cell-death",
    "/v1/partners/rituximab/rationale?limit=5",
    "/v1/mechanisms/adcc-enhancement/graph?",
]
# The same in lanes.
EVERY = [*ADDRESSES, *(f"{address}&layout=lanes" for address in ADDRESSES)]
ODD = "<script>alert('&')</script>\\N \\l {a|b} \"é日\""


def picture(client: TestClient, address: str) -> ET.Element:
    answer = client.get(f"{address}&format=svg")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/svg+xml"
    return ET.fromstring(answer.content)  # noqa: S314  # our own picture


def links(root: ET.Element) -> list[str]:
    return [link.attrib["href"] for link in root.iter(f"{SVG}a")]


def texts(root: ET.Element) -> list[str]:
    return [" ".join(text.itertext()) for text in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_node_and_step_is_drawn_and_leads_to_its_row(
    client: TestClient, address: str
) -> None:
    root = picture(client, address)

    found = links(root)
    graph = client.get(f"{address}&format=cx2").json()
    nodes = next(aspect["nodes"] for aspect in graph if "nodes" in aspect)
    edges = next(aspect["edges"] for aspect in graph if "edges" in aspect)
    assert set(found) == {
        *(f"/v1/entities/{node['v']['id']}" for node in nodes),
        *(f"/v1/edges/{edge['v']['id']}" for edge in edges),
    }
    assert len([link for link in found if link.startswith("/v1/edges/")]) == len(edges)
    for link in some(found[:3]):
        assert client.get(link).status_code == 200


@pytest.mark.parametrize("address", EVERY)
def test_a_picture_is_described_and_inert(client: TestClient, address: str) -> None:
    answer = client.get(f"{address}&format=svg")
    root = ET.fromstring(answer.content)  # noqa: S314  # our own picture

    assert root.attrib["role"] == "img"
    title, described = root[0], root[1]
    assert root.attrib["aria-labelledby"] == f"{title.attrib['id']} {described.attrib['id']}"
    assert (title.tag, described.tag) == (f"{SVG}title", f"{SVG}desc")
    assert re.search(r"\d+ nodes and \d+ steps\. Release", described.text or "")
    for element in root.iter():
        assert element.tag != f"{SVG}script"
        assert not [name for name in element.attrib if name.startswith("on")]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "Liberation Sans, Arial, sans-serif" in root.attrib["font-family"]
    assert "prefers-color-scheme: dark" in answer.text


def test_everything_stays_within_the_picture(client: TestClient) -> None:
    for address in EVERY:
        root = picture(client, address)
        _, _, width, height = (float(each) for each in root.attrib["viewBox"].split())
        for rect in some(each for each in root.iter(f"{SVG}rect") if "x" in each.attrib):
            x, y = float(rect.attrib["x"]), float(rect.attrib["y"])
            assert 0 <= x <= x + float(rect.attrib["width"]) <= width
            assert 0 <= y <= y + float(rect.attrib["height"]) <= height


LINES = "/v1/graph?basis=textbook&layout=lanes"
PATHS = "/v1/graph/paths?source=lenalidomide&target=tumour-cell-death&layout=lanes"
STEP = re.compile("([MHVQC])([^MHVQC]+)")


def course(path: str) -> Iterator[complex]:
    """Points of a drawn line, close to each other."""
    x = y = 0.0
    for letter, rest in STEP.findall(path):
        numbers = [float(each) for each in rest.split()]
        if letter in "HV":
            numbers = [numbers[0], y] if letter == "H" else [x, numbers[0]]
        bends = [complex(x, y), *map(complex, numbers[::2], numbers[1::2])]
        x, y = numbers[-2:]
        if letter != "M":
            steps = int(max(abs(one - bends[0]) for one in bends)) or 1
            yield from (point(bends, step / steps) for step in range(steps + 1))


def point(bends: list[complex], share: float) -> complex:
    """A point of a line, quadratic or cubic curve, after De Casteljau."""
    while len(bends) > 1:
        bends = [one + share * (other - one) for one, other in itertools.pairwise(bends)]
    return bends[0]


def courses(root: ET.Element) -> list[list[complex]]:
    """The points of the line of each step."""
    steps = [each for each in root.iter(f"{SVG}a") if "/edges/" in each.attrib["href"]]
    return [list(course(each.findall(f"{SVG}path")[0].attrib["d"])) for each in steps]


def in_lanes(client: TestClient) -> Iterator[ET.Element]:
    """The whole network, all paths to the goal, and each mechanism."""
    mechanisms = client.get("/v1/mechanisms?limit=100").json()["items"]
    for address in (
        LINES,
        PATHS,
        *(f"/v1/mechanisms/{one['id']}/graph?layout=lanes" for one in some(mechanisms)),
    ):
        yield picture(client, address)


def test_no_line_runs_behind_a_box_or_a_mark(on_sqlite: TestClient) -> None:
    seen = 0
    for root in in_lanes(on_sqlite):
        nodes = [each for each in root.iter(f"{SVG}a") if "/entities/" in each.attrib["href"]]
        boxes = [
            [float(rect.attrib[name]) for name in ("x", "y", "width", "height")]
            for node in nodes
            for rect in node.iter(f"{SVG}rect")
        ]
        marks = [
            (complex(float(each.attrib["cx"]), float(each.attrib["cy"])), float(each.attrib["r"]))
            for node in nodes
            for each in node.iter(f"{SVG}circle")
        ]
        for points in courses(root):
            seen += 1
            for at in points:
                # Less a pixel for the rounding of coordinates.
                for x, y, width, height in boxes:
                    inside = 1 < at.real - x < width - 1 and 1 < at.imag - y < height - 1
                    assert not inside, (at, x, y)
                assert all(abs(at - middle) > radius for middle, radius in marks)
    assert seen > 150


@pytest.mark.aside
def test_lines_that_share_no_end_do_not_run_together(on_sqlite: TestClient) -> None:
    for root in in_lanes(on_sqlite):
        for one, other in itertools.combinations(courses(root), 2):
            if one[0] != other[0] and abs(one[-1] - other[-1]) > 4:
                shared = {complex(round(at.real), round(at.imag)) for at in one} & {
                    complex(round(at.real), round(at.imag)) for at in other
                }
                assert len(shared) < 12, (one[0], one[-1], other[0], other[-1])


def ended(root: ET.Element) -> Iterator[tuple[str, complex, complex]]:
    """The colour of each step's line, and where it begins and ends."""
    for step in (each for each in root.iter(f"{SVG}a") if "/edges/" in each.attrib["href"]):
        line = step.findall(f"{SVG}path")[0]
        points = list(course(line.attrib["d"]))
        yield line.attrib["stroke"], points[0], points[-1]


def test_lines_of_different_signs_share_neither_beginning_nor_end(on_sqlite: TestClient) -> None:
    met = 0
    for root in in_lanes(on_sqlite):
        for one, other in itertools.combinations(list(ended(root)), 2):
            apart = min(abs(at - there) for at in one[1:] for there in other[1:])
            met += one[0] != other[0] and apart < 20
            assert one[0] == other[0] or apart > 5, (one, other)
    assert met > 20


def test_the_network_fits_into_a_page(on_sqlite: TestClient) -> None:
    """Into the 76rem of a page less 1.25rem on both sides."""
    for address in ("/", "/network", "/network?basis=textbook"):
        page = on_sqlite.get(address, headers={"Accept": "text/html"}).text
        (width,) = re.findall('<svg class="net" role="group"[^>]* width="([0-9]+)"', page)
        assert 1000 < int(width) <= (76 - 2 * 1.25) * 16, address


def test_a_small_picture_names_its_lanes_above_their_boxes(on_sqlite: TestClient) -> None:
    """So that a phone shows more of it; a large one names them at the left."""
    html = {"Accept": "text/html"}
    for address, small in (("/paths?source=lenalidomide&target=irf4", True), ("/network", False)):
        page = on_sqlite.get(address, headers=html).text
        (drawn,) = re.findall('<svg class="net" role="group".*?</svg>', page, re.DOTALL)
        root = ET.fromstring(drawn)  # noqa: S314  # our own picture
        bands = [each for each in root.iter("rect") if each.attrib["class"] == "band"]
        names = [each for each in root.iter("text") if each.attrib["class"] == "lane-name"]
        boxes = [box for node in root.iter("a") for box in node.findall("rect")]
        assert len(bands) > 1
        assert (int(root.attrib["width"]) < 450) is small
        for band in bands:
            top = float(band.attrib["y"])
            bottom = top + float(band.attrib["height"])
            ys = [float(box.attrib["y"]) for box in boxes]
            first = min(y for y in ys if top <= y < bottom)
            under = [each for each in names if top < float(each.attrib["y"]) < bottom]
            assert (first > float(under[-1].attrib["y"])) or not small
        assert (min(float(box.attrib["x"]) for box in boxes) < 60) is small


def key_of(root: ET.Element) -> str:
    """What the ids of a picture begin with."""
    name, key = root.attrib["class"].split()
    assert name == "moa"
    assert re.fullmatch("moa-[0-9a-f]{8}", key)
    return key


def looks(root: ET.Element, edge: str) -> dict[str, str]:
    """How a step is drawn."""
    (link,) = [each for each in root.iter(f"{SVG}a") if each.attrib["href"].endswith(edge)]
    (line,) = lines(link)
    return line


def lines(element: ET.Element) -> Iterator[dict[str, str]]:
    """How the lines of a part are drawn, with what their group says of them."""
    for parent in element.iter():
        for path in parent.findall(f"{SVG}path"):
            if "class" in path.attrib:
                group = parent.attrib if parent.tag == f"{SVG}g" else {}
                yield {**group, **path.attrib}


def test_signs_proof_and_origin_can_be_seen(client: TestClient) -> None:
    root = picture(client, "/v1/graph?basis=textbook")
    key = key_of(root)
    edges = {
        (edge["sign"], edge["basis"], edge["type"], edge["origin"]): edge["id"]
        for edge in client.get("/v1/graph?basis=textbook").json()["edges"]
    }

    for (sign, basis, kind, origin), edge in edges.items():
        look = looks(root, edge)
        tone = {"+": "plus", "-": "minus", "?": "unclear"}[sign] if kind == "causal" else "none"
        assert look["class"] == f"s-{tone}"
        assert look.get("marker-end") == (None if tone == "none" else f"url(#{key}-{tone})")
        dashes = "1.5 3" if basis == "textbook" else "6 3" if sign == "?" else None
        assert look.get("stroke-dasharray") == dashes
        assert ("opacity" in look) == (origin in ("borrowed", "stated"))
    assert len(edges) > 6


def test_the_legend_explains_what_is_in_the_picture_only(client: TestClient) -> None:
    whole = texts(picture(client, "/v1/graph?basis=textbook"))
    small = texts(picture(client, "/v1/mechanisms/adcc-enhancement/graph?"))

    for meaning in ("contradictory sources", "textbook, no claim here", "stronger together"):
        assert meaning in whole
        assert meaning not in small
    assert "raises, engages" in small


def strokes(element: ET.Element) -> Iterator[tuple[str | None, ...]]:
    """How the lines of a part of a picture look."""
    for look in lines(element):
        yield tuple(look.get(name) for name in ("stroke", "stroke-dasharray", "opacity"))


def test_the_legend_draws_lines_as_the_picture_does(client: TestClient) -> None:
    for address in ADDRESSES:
        root = picture(client, address)
        drawn = {look for link in root.iter(f"{SVG}a") for look in strokes(link)}
        keys = root.findall(f"{SVG}g[@class='key']")
        legend = {look for key in keys for look in strokes(key)}

        assert legend
        assert legend <= drawn


@pytest.mark.parametrize("address", ADDRESSES)
def test_lanes_show_every_node_and_every_causal_step(client: TestClient, address: str) -> None:
    root = picture(client, f"{address}&layout=lanes")

    graph = client.get(f"{address}&format=cx2").json()
    nodes = next(aspect["nodes"] for aspect in graph if "nodes" in aspect)
    edges = next(aspect["edges"] for aspect in graph if "edges" in aspect)
    causal = [edge for edge in edges if edge["v"]["type"] == "causal"]
    # What a drug does directly is a mark; everything else is a line with a link.
    drugs = {node["id"] for node in nodes if node["v"]["kind"] == "drug"}
    lines = {edge["v"]["id"] for edge in causal if edge["s"] not in drugs}
    lines -= {edge["v"]["id"] for edge in causal if edge["s"] == edge["t"]}
    found = links(root)
    assert {link.rpartition("/")[2] for link in found if "/edges/" in link} == lines
    assert len(causal) > len(lines)
    named = {node["id"]: node["v"]["label"] for node in nodes}
    titles = [title.text or "" for title in root.iter(f"{SVG}title")]
    for edge in causal:
        words = f"{named[edge['s']]} {edge['v']['relation'].replace('_', ' ')} {named[edge['t']]} ("
        assert edge["s"] == edge["t"] or any(words in one for one in titles), words
    reached = {edge[end] for edge in causal for end in "st"} - drugs
    ids = {node["v"]["id"] for node in nodes if node["id"] in reached}
    assert {link.rpartition("/")[2] for link in found if "/entities/" in link} == ids


def test_the_legend_of_lanes_explains_what_is_in_them_only(client: TestClient) -> None:
    whole = texts(picture(client, "/v1/graph?basis=textbook&layout=lanes"))
    small = texts(picture(client, "/v1/mechanisms/cereblon-engagement/graph?layout=lanes"))

    for meaning in ("rim: another drug", "another drug, textbook", "lowers or blocks"):
        assert meaning in whole
        assert meaning not in small
    assert "lenalidomide raises or engages" in whole
    assert {"molecule", "process", "cell", "what the effects lead to"} <= set(whole)
    assert "cell" not in small


def test_the_legend_of_lanes_draws_marks_and_boxes_as_the_picture_does(
    client: TestClient,
) -> None:
    for address in ADDRESSES:
        root = picture(client, f"{address}&layout=lanes")
        drawn = {look for link in root.iter(f"{SVG}a") for look in outlines(link)}
        legend = {look for key in root.findall(f"{SVG}g[@class='key']") for look in outlines(key)}
        assert len(drawn) > 3
        assert legend == drawn


def outlines(element: ET.Element) -> Iterator[tuple[str | None, ...]]:
    """How boxes and marks are drawn: hollow or filled, with which rim; whatever their sign."""
    page, ink = "#ffffff", "#1c232b"
    for box in element.iter(f"{SVG}rect"):
        yield tuple(box.get(name) for name in ("fill", "stroke", "stroke-dasharray"))
    for mark in element.iter(f"{SVG}circle"):
        hollow, rim = (str(mark.get("fill") == page), str(mark.get("stroke") == ink))
        yield hollow, rim, mark.get("stroke-dasharray")


def test_no_two_pictures_share_an_id(client: TestClient) -> None:
    found = [
        element.attrib["id"]
        for address in EVERY
        for element in picture(client, address).iter()
        if "id" in element.attrib
    ]

    assert len(found) >= 4 * len(EVERY)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("address", EVERY)
def test_a_picture_needs_no_style_sheet_to_be_right(client: TestClient, address: str) -> None:
    answer = client.get(f"{address}&format=svg")

    assert "var(" not in answer.text
    assert "paint-order" not in answer.text
    for rect in some(picture(client, address).iter(f"{SVG}rect")):
        assert re.fullmatch("#[0-9a-f]{6}", rect.attrib["fill"])
    for text in some(picture(client, address).iter(f"{SVG}text")):
        assert re.fullmatch("#[0-9a-f]{6}", text.attrib["fill"])


@pytest.mark.parametrize(("theme", "page"), [("light", "#ffffff"), ("dark", "#14181d")])
def test_a_theme_is_the_same_on_every_system(client: TestClient, theme: str, page: str) -> None:
    answer = client.get(f"{ADDRESSES[3]}&format=svg&theme={theme}")
    root = ET.fromstring(answer.content)  # noqa: S314  # our own picture

    assert "prefers-color-scheme" not in answer.text
    assert next(each.get("fill") for each in root.iter(f"{SVG}rect")) == page


def test_a_width_scales_the_whole_picture(client: TestClient) -> None:
    own = picture(client, ADDRESSES[3])
    wide = picture(client, f"{ADDRESSES[3]}&width=2000")

    assert wide.attrib["viewBox"] == own.attrib["viewBox"]
    assert wide.attrib["width"] == "2000"
    ratio = float(own.attrib["height"]) / float(own.attrib["width"])
    assert float(wide.attrib["height"]) == pytest.approx(2000 * ratio, abs=1)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_picture_says_where_it_is_from(client: TestClient, address: str) -> None:
    release = client.get("/v1/dataset").json()["version"]

    source = f"lenalidomide-moa, release {release}, CC BY 4.0, {address.partition('?')[0]}"
    assert source in " ".join(texts(picture(client, address)))


def size_of(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG, from its first chunk (PNG specification, 11.2.2)."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def shades(content: bytes) -> set[bytes]:
    """The lines of pixels of a PNG, each only once."""
    data = b""
    at = 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        if content[at + 4 : at + 8] == b"IDAT":
            data += content[at + 8 : at + 8 + length]
        at += length + 12
    return set(batched(zlib.decompress(data), size_of(content)[0] * 4 + 1))


def batched(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


@pytest.mark.parametrize("address", ADDRESSES[2:])
def test_a_png_is_drawn_with_letters_and_without_any_font_of_the_system(
    client: TestClient, address: str
) -> None:
    svg = picture(client, address)
    answer = client.get(f"{address}&format=png")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"].endswith('.png"')
    width, height = size_of(answer.content)
    assert (width, height) == tuple(2 * int(svg.attrib[name]) for name in ("width", "height"))
    # Where the title stands: an empty strip would have rows of one kind.
    assert len(shades(answer.content)) > height / 3
    assert client.get(f"{address}&format=png&theme=light").content == answer.content
    assert client.get(f"{address}&format=png&theme=dark").content != answer.content


def test_a_png_is_as_wide_as_asked_and_not_too_large(client: TestClient) -> None:
    small = client.get(f"{ADDRESSES[3]}&format=png&width=300")
    large = client.get(f"{ADDRESSES[0]}&format=png&width=4000")

    assert size_of(small.content)[0] == 300
    assert large.status_code == 422
    assert large.json()["faults"][0]["parameter"] == "width"
    assert "choose a smaller `width`" in large.json()["detail"]


@pytest.mark.parametrize("query", ["theme=blue", "width=99", "width=4001", "width=x"])
def test_a_picture_that_cannot_be_drawn_so_is_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"{ADDRESSES[3]}&format=svg&{query}")

    assert answer.status_code == 422
    assert answer.json()["faults"][0]["parameter"] == query.partition("=")[0]


def test_a_molecule_is_drawn_in_each_of_its_cells(client: TestClient) -> None:
    root = picture(client, "/v1/graph?")

    edges = client.get("/v1/graph").json()["edges"]
    cells = {edge["cell"]["id"] for edge in edges if "ikzf1" in (edge["source"], edge["target"])}
    assert texts(root).count("IKZF1") == len(cells) > 1
    assert texts(root).count("lenalidomide") == 1
    assert {"T cell", "tumour B cell", "NK cell"} <= set(texts(root))


def test_an_empty_answer_has_a_picture_with_the_reason(client: TestClient) -> None:
    root = picture(client, "/v1/graph/paths?source=irf4&target=lenalidomide")

    why = client.get("/v1/graph/paths?source=irf4&target=lenalidomide").json()["why"]
    assert why["sentence"] in " ".join(texts(root))
    assert links(root) == []


def test_resistance_by_loss_of_cereblon_shows_both(client: TestClient) -> None:
    root = picture(client, "/v1/mechanisms/cereblon-loss-resistance/graph?")

    for name in ("crbn-loss", "lenalidomide-resistance"):
        assert client.get(f"/v1/entities/{name}").json()["label"] in texts(root)


@pytest.mark.parametrize("address", ["/v1/graph", "/v1/mechanisms/adcc-enhancement/graph"])
def test_a_picture_refuses_nodes_for_each_cell(client: TestClient, address: str) -> None:
    answer = client.get(f"{address}?format=svg&nodes=per-cell")

    assert answer.status_code == 422
    assert answer.json()["faults"][0]["parameter"] == "nodes"
    assert client.get(f"{address}?format=svg&nodes=per-entity").status_code == 200


def test_odd_names_stay_text(copy: Settings) -> None:
    with changing(copy) as connection:
        allow_odd_ids(connection)
        add_entity(connection, "odd", label=ODD, name=ODD)
        add_entity(connection, 'o"d<d', label="<b>bold</b>", crosses_cells=False)
        add_edge(connection, "odd-edge", ("lenalidomide", "odd"))
        add_edge(connection, "e;d,g", ("odd", 'o"d<d'), cell_id="cd4-t-cell")
        add_edge(connection, "wide", ("odd", 'o"d<d'), cell_id="t-cell", relation="activates")
    with TestClient(create_app(copy)) as client:
        root = picture(client, "/v1/graph?basis=textbook&entity=odd")

    # Spaces are where lines may break.
    assert "".join(ODD.split()) in ["".join(text.split()) for text in texts(root)]
    assert "<b>bold</b>" in texts(root)
    assert {"/v1/entities/odd", "/v1/entities/o%22d%3Cd", "/v1/edges/e%3Bd%2Cg"} <= set(links(root))


def test_steps_in_a_circle_are_all_drawn_in_lanes(copy: Settings) -> None:
    with changing(copy) as connection:
        for name in ("first", "second"):
            add_entity(connection, name, label=name)
        add_edge(connection, "there", ("first", "second"), cell_id="t-cell")
        add_edge(connection, "and-back", ("second", "first"), cell_id="t-cell")
    with TestClient(create_app(copy)) as client:
        root = picture(client, "/v1/graph?basis=textbook&layout=lanes&entity=first")

    back, there = sorted(courses(root), key=lambda line: line[-1].real - line[0].real)
    # The way there ends at a node's left edge, the way back at its right one.
    assert there[0].real < there[-1].real
    assert back[-1].real > there[0].real
    assert back[-1].imag == there[0].imag


def test_links_keep_to_the_prefix_of_a_proxy(urls: dict[str, str]) -> None:
    app = create_app(Settings(database_url=urls["sqlite"], root_path="/moa"))
    with TestClient(app) as client:
        root = picture(client, "/v1/mechanisms/adcc-enhancement/graph?")

    assert all(link.startswith("/moa/v1/") for link in some(links(root)))


def test_both_databases_give_the_same_picture(both: Clients) -> None:
    for address in EVERY:
        sqlite, postgres = (client.get(f"{address}&format=svg") for client in both)
        assert sqlite.status_code == 200
        assert sqlite.content == postgres.content


# --- the program that lays out -----------------------------------------------------------------


def program(folder: Path, text: str) -> str:
    path = folder / "dot"
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.mark.slow
@pytest.mark.parametrize("dot", ["/none/dot", "false", "true", "echo"])
def test_without_a_program_there_is_no_picture_but_all_else(urls: dict[str, str], dot: str) -> None:
    settings = Settings(database_url=urls["sqlite"], dot=dot)
    with TestClient(create_app(settings)) as client:
        refused = client.get("/v1/graph?format=svg")
        others = [client.get(f"/v1/graph?format={form}") for form in ("json", "cx2", "graphml")]

    assert refused.status_code == 503
    detail = refused.json()["detail"]
    assert detail.startswith("The program that lays out pictures ")
    assert detail.endswith(f"; choose another `format`. {TELL_OPERATOR}")
    assert [answer.status_code for answer in others] == [200, 200, 200]


def test_a_program_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    layouts = Layouts(program(tmp_path, "exec sleep 60"), seconds=0.2)

    with pytest.raises(Unavailable, match="too long"):
        layouts.of("digraph {}")


def test_a_layout_is_worked_out_once_and_only_the_last_are_kept(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    counting = f'echo >> {runs}; exec {Layouts(None).program} "$@"'
    layouts = Layouts(program(tmp_path, counting))

    def times() -> int:
        return len(runs.read_text("utf-8").splitlines())

    first = layouts.of("digraph {a}")
    assert layouts.of("digraph {a}") is first
    assert times() == 1
    for number in range(KEPT):
        layouts.of(f"digraph {{n{number}}}")
    layouts.of("digraph {a}")
    assert times() == KEPT + 2


def test_a_network_too_large_to_draw_is_refused(copy: Settings) -> None:
    with changing(copy) as connection:
        for number in range(601):
            add_entity(connection, f"many-{number}")
            add_edge(connection, f"many-edge-{number}", ("lenalidomide", f"many-{number}"))
    with TestClient(create_app(copy)) as client:
        answer: Any = client.get("/v1/graph?basis=textbook&format=svg")

    assert answer.status_code == 406
    assert "600 steps" in answer.json()["detail"]
