"""The curator's look-up, against a server that speaks as the registers do, or as none should."""

import json
import re
import shutil
import threading
import time
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml

from app.__main__ import main
from seed import DATA
from seed.content import LOADER
from seed.lookup import new_entry
from seed.registers import FoundDocument
from tests.writing import documents

Capture = pytest.CaptureFixture[str]
Answer = tuple[int, dict[str, str], bytes]
References = dict[str, dict[str, Any]]
CONTACT = "curator@example.org"
STORED = "lapalombella-2008"
PAPER = {
    "title": "An <i>example</i> of &lt;b&gt;a title&lt;/b&gt;\u001b[31m.",
    "authorList": {
        "author": [
            {"lastName": "Exámple", "initials": "AB"},
            {"lastName": "Other", "initials": "C"},
            {"collectiveName": "Example Group"},
            {"fullName": "Nobody"},
        ]
    },
    "journalInfo": {"volume": "1", "issue": "2", "journal": {"title": "Journal of Examples"}},
    "pubYear": "2001",
    "pageInfo": "10-19",
    "doi": "10.1234/example",
    "pmid": "123",
    "pmcid": "PMC45",
}
SUMMARY = {
    "title": "An example of a title.",
    "authors": [{"name": "Example AB", "authtype": "Author"}, {"name": "Example Group"}],
    "fulljournalname": "Journal of Examples",
    "pubdate": "2001 Sep 1",
    "volume": "1",
    "issue": "2",
    "pages": "10-9",
    "articleids": [{"idtype": "doi", "value": "10.1234/example"}, {"idtype": "x", "value": "y"}],
}


def found(*papers: dict[str, Any]) -> bytes:
    return json.dumps({"resultList": {"result": list(papers)}}).encode()


class Register(ThreadingHTTPServer):
    """Answers as Europe PMC and NCBI, and notes what it was asked."""

    papers: bytes = found()
    summaries: dict[str, Any]
    ids: tuple[str, ...] = ()
    refusals: list[Answer]
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.summaries, self.refusals = {}, []
        self.asked: list[tuple[str, dict[str, str], str]] = []

    def answer(self, path: str) -> Answer:
        if self.refusals:
            return self.refusals.pop(0)
        if path == "/search":
            return 200, {}, self.papers
        if path == "/esearch.fcgi":
            return 200, {}, json.dumps({"esearchresult": {"idlist": self.ids}}).encode()
        return 200, {}, json.dumps({"result": {"uids": [], **self.summaries}}).encode()


class Handler(BaseHTTPRequestHandler):
    server: Register

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        agent = self.headers["User-Agent"]
        self.server.asked.append((asked.path, dict(parse_qsl(asked.query)), agent))
        status, headers, body = self.server.answer(asked.path)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + ("X-Slow" in headers)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Iterator[Register]:
    monkeypatch.setenv("MOA_CONTACT", CONTACT)
    for name in ("PAUSE_SECONDS", "FIRST_WAIT_SECONDS"):
        monkeypatch.setattr(f"seed.polite.{name}", 0.001)
    with Register() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "data"
    shutil.copytree(DATA, copied)
    return copied


@pytest.fixture
def stored() -> References:
    """The references before anything was looked up."""
    return {one["id"]: one for one in documents()["references"]}


Look = Callable[..., int]


@pytest.fixture
def look(register: Register, folder: Path) -> Look:
    base = f"http://127.0.0.1:{register.server_port}"

    def run(*words: str) -> int:
        own = ("--folder", str(folder), "--europe-pmc", base, "--ncbi", base)
        return main(["lookup", *words, *own])

    return run


def references(folder: Path) -> References:
    listed = yaml.load((folder / "references.yaml").read_text("utf-8"), LOADER)  # noqa: S506 - a safe one
    return {one["id"]: one for one in listed}


@pytest.mark.slow
@pytest.mark.covering
def test_a_new_document_becomes_an_entry_when_asked(
    look: Look, register: Register, folder: Path, capsys: Capture
) -> None:
    register.papers = found(PAPER)
    register.summaries = {"123": SUMMARY}
    before = (folder / "references.yaml").read_bytes()

    assert look("https://doi.org/10.1234/EXAMPLE") == 0

    shown = capsys.readouterr().out
    assert "not among the references" in shown
    assert "\x1b" not in shown
    assert (folder / "references.yaml").read_bytes() == before
    paths = [path for path, _, _ in register.asked]
    assert paths == ["/search", "/esummary.fcgi"]
    assert register.asked[0][1]["query"] == 'DOI:"10.1234/example"'
    assert register.asked[1][1]["email"] == CONTACT
    assert all(CONTACT in agent for _, _, agent in register.asked)

    assert look("PMC45", "--write") == 0
    assert look("123", "--write") == 0
    entry = references(folder)["example-2001"]
    assert entry["title"] == "An example of a title [31m"
    assert entry["authors"] == [
        {"family": "Exámple", "given": "AB"},
        {"family": "Other", "given": "C"},
        {"literal": "Example Group"},
    ]
    assert entry["authors_complete"] is False, "Nobody is left out"
    assert entry["citation"] == "Exámple et al. 2001, Journal of Examples"
    assert (entry["pmid"], entry["pmcid"], entry["doi"]) == ("123", "PMC45", "10.1234/example")
    assert (entry["year"], entry["volume"], entry["page"]) == (2001, "1", "10-19")
    assert "example-2001: as the registers have it" in capsys.readouterr().out
    assert main(["seed", "--check", "--folder", str(folder)]) == 0


def entry_shown(capsys: Capture) -> Any:
    (entry,) = yaml.safe_load(capsys.readouterr().out.partition("as an entry:\n")[2])
    return entry


@pytest.mark.slow
def test_every_author_is_there_or_the_list_is_not_called_complete(
    look: Look, register: Register, capsys: Capture
) -> None:
    named = [
        ("Brown JR Jr", "Author", {"family": "Brown", "given": "JR Jr"}),
        ("Le Van IV", "Author", {"family": "Le Van", "given": "IV"}),
        ("Exámple Other ÉB", "", {"family": "Exámple Other", "given": "ÉB"}),
        ("Alone", "Author", {"literal": "Alone"}),
        ("Example Group", "", {"literal": "Example Group"}),
        ("Group of Examples EG", "CollectiveName", {"literal": "Group of Examples EG"}),
    ]
    authors = [{"name": name, "authtype": kind} for name, kind, _ in named]
    register.summaries = {"123": SUMMARY | {"authors": authors}}
    assert look("123") == 0
    entry = entry_shown(capsys)
    assert entry["authors"] == [author for _, _, author in named]
    assert entry["authors_complete"] is True

    # What the first register says is believed, though the second has more.
    for authors, complete in (
        ([{"lastName": "Alone"}, {"lastName": "Other", "initials": "C"}], True),
        ([{"lastName": "Alone"}, {"lastName": "Other", "initials": "C"}, {}], False),
    ):
        register.papers = found(PAPER | {"authorList": {"author": authors}})
        assert look("123") == 0
        entry = entry_shown(capsys)
        assert entry["authors"] == [{"literal": "Alone"}, {"family": "Other", "given": "C"}]
        assert entry["authors_complete"] is complete

    register.papers = found(PAPER | {"authorList": {"author": []}})
    assert look("123") == 0
    assert entry_shown(capsys)["authors_complete"] is True, "those of the second"


@pytest.mark.slow
@pytest.mark.covering
def test_a_stored_reference_is_compared_and_only_filled(
    look: Look, register: Register, folder: Path, stored: References, capsys: Capture
) -> None:
    one = stored["gribben-2015"]
    register.papers = found(
        PAPER | {"pmid": one["pmid"], "doi": one["doi"], "pmcid": None, "pageInfo": "2803-2811"}
    )
    before = (folder / "references.yaml").read_bytes()

    assert look(one["pmid"], "--write") == 0

    shown = capsys.readouterr().out
    assert "gribben-2015: differs" in shown
    assert f"title: stored {one['title']!r}, registers" in shown
    assert "year: stored 2015, registers 2001" in shown
    assert "authors: stored Gribben JG, Fowler N, Morschhauser F; registers" in shown
    assert "page:" not in shown
    assert (folder / "references.yaml").read_bytes() == before


@pytest.mark.slow
@pytest.mark.covering
def test_what_is_missing_is_looked_up_by_title(
    look: Look, register: Register, folder: Path, stored: References, capsys: Capture
) -> None:
    one = stored.pop(STORED)
    assert one["pmid"] is None
    same = PAPER | {"title": one["title"].upper() + ".", "pubYear": str(one["year"])}
    register.papers = found(same, PAPER)

    assert look("--missing", "--write") == 0

    shown = capsys.readouterr().out
    assert f"{STORED}: differs" in shown
    assert "  pmid: stored nothing, registers '123'" in shown
    assert "filled: " in shown
    assert "soria-2011: the registers have no single document of this title and year" in shown
    assert "gribben-2015" not in shown
    after = references(folder)
    assert after[STORED]["pmid"] == "123"
    assert after.pop(STORED)["title"] == one["title"]
    assert after == stored
    assert main(["seed", "--check", "--folder", str(folder)]) == 0


@pytest.mark.aside
@pytest.mark.slow
def test_a_file_keeps_the_form_in_which_it_is_written(
    look: Look, register: Register, folder: Path, stored: References
) -> None:
    file, one = folder / "references.yaml", stored[STORED]
    same = PAPER | {"title": one["title"], "pubYear": str(one["year"])}
    quoted = re.sub(rb"(?m)^- id: (.*)$", rb'- id: "\1" # Kept.', file.read_bytes())
    text = BOM_UTF8 + quoted.replace(b"\n", b"\r\n")
    file.write_bytes(text)

    register.papers = found(same | {"pmid": "124", "doi": None, "pmcid": None}, PAPER)
    assert look("--missing", "--write") == 0
    register.papers = found(PAPER)
    assert look("123", "--write") == 0

    added = file.read_bytes()
    assert added.startswith(text[:1_000])
    assert added.count(b"\r") == added.count(b"\n")
    assert added.count(b"# Kept.") == text.count(b"# Kept.")
    rows = references(folder)
    assert (rows[STORED]["pmid"], rows["example-2001"]["pmid"]) == ("124", "123")


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize(
    ("found_as", "written_as"),
    [("^(?=.)", "  "), pytest.param(r"\Z", "...\n", marks=pytest.mark.full)],
)
def test_an_entry_is_only_added_where_it_can_be_read(
    look: Look, register: Register, folder: Path, capsys: Capture, found_as: str, written_as: str
) -> None:
    file = folder / "references.yaml"
    before = re.sub(found_as, written_as, file.read_text("utf-8"), flags=re.MULTILINE)
    file.write_text(before, "utf-8")
    register.papers = found(PAPER)

    assert look("123", "--write") == 1
    assert "references.yaml: has a form to which no entry can be added" in capsys.readouterr().err
    assert file.read_text("utf-8") == before


@pytest.mark.aside
def test_there_is_always_a_further_id() -> None:
    document = FoundDocument(title="x", year=2001)
    taken: list[str] = []
    for _ in range(30):
        (entry,) = yaml.safe_load(new_entry(document, taken))
        taken.append(entry["id"])

    assert taken[:3] == ["x-2001", "x-2001-b", "x-2001-c"]
    assert taken[25:] == ["x-2001-z", "x-2001-2", "x-2001-3", "x-2001-4", "x-2001-5"]


@pytest.mark.slow
@pytest.mark.covering
def test_one_bad_answer_does_not_end_the_search_for_what_is_missing(
    look: Look, register: Register, stored: References, capsys: Capture
) -> None:
    missing = [
        name
        for name, one in stored.items()
        if not any(one[kind] for kind in ("doi", "pmid", "pmcid"))
    ]
    register.refusals = [(404, {}, b"")]

    assert look("--missing") == 1

    said = capsys.readouterr()
    assert said.err.splitlines() == [f"{missing[0]}: Europe PMC answers with status 404"]
    assert [line.partition(":")[0] for line in said.out.splitlines()] == missing[1:]


@pytest.mark.slow
def test_pubmed_answers_where_europe_pmc_knows_nothing(
    look: Look, register: Register, capsys: Capture
) -> None:
    register.ids, register.summaries = ("123",), {"123": SUMMARY}
    assert look("10.1234/example") == 0
    shown = capsys.readouterr().out
    assert "id: example-2001" in shown
    assert "citation: Example AB and Example Group" not in shown
    assert [path for path, _, _ in register.asked] == [
        *("/search", "/esearch.fcgi", "/esummary.fcgi")
    ]


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize(
    "summary",
    [
        {"error": "cannot get document summary"},
        *(pytest.param(one, marks=pytest.mark.full) for one in (None, ["x"])),
        SUMMARY | {"authors": []},
    ],
)
def test_what_no_register_knows_is_said(
    look: Look, register: Register, capsys: Capture, summary: Any
) -> None:
    register.summaries = {} if summary is None else {"123": summary}
    register.papers = found(PAPER | {"pmid": "124"})

    assert look("123") == 0
    known = isinstance(summary, dict) and "title" in summary
    assert ("no register knows it" in capsys.readouterr().out) != known
    if known:
        return
    register.ids = ("1", "2")
    register.papers = found()
    assert look("10.9999/none") == 0
    assert "no register knows it" in capsys.readouterr().out


@pytest.mark.slow
def test_a_busy_register_is_asked_again(look: Look, register: Register) -> None:
    register.papers = found(PAPER)
    register.refusals = [(503, {}, b"busy"), (429, {"Retry-After": "0"}, b""), (500, {}, b"")]

    assert look("123") == 0
    assert len(register.asked) == 5


FAILURES: tuple[tuple[Answer, int, str], ...] = (
    ((503, {"Retry-After": "x"}, b""), 4, "Europe PMC answers with status 503"),
    ((404, {}, b""), 1, "Europe PMC answers with status 404"),
    ((200, {}, b"<html>"), 1, "Europe PMC answers with what cannot be read"),
    ((200, {}, b'{"resultList": 7}'), 1, "Europe PMC answers with what cannot be read"),
    ((200, {}, b"[" * 100_000), 1, "Europe PMC answers with what cannot be read"),
    ((200, {}, b"\xff" * 5_000_001), 1, "Europe PMC answers with more than 5,000,000 bytes"),
    ((200, {"X-Slow": "1"}, b"{"), 4, "Europe PMC does not answer in time"),
)


@pytest.mark.slow
@pytest.mark.covering
def test_a_register_that_fails_is_told_in_one_line_and_does_not_end_the_search(
    look: Look, register: Register, capsys: Capture
) -> None:
    register.refusals = [refusal for refusal, tries, _ in FAILURES for _ in range(tries)]
    register.papers = found(PAPER)
    numbers = [str(number) for number in range(123, 124 + len(FAILURES))]

    assert look(*numbers) == 1

    said = capsys.readouterr()
    assert said.err.splitlines() == [told for _, _, told in FAILURES]
    assert said.out.startswith(f"{numbers[-1]}: ")
    assert register.refusals == []


@pytest.mark.slow
@pytest.mark.covering
def test_a_slow_register_is_given_up(
    look: Look, register: Register, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr("seed.polite.ANSWER_SECONDS", -1.0)
    monkeypatch.setattr("seed.polite.httpx.Timeout", lambda *_, **__: None)
    register.papers = found(PAPER)

    assert look("123") == 1
    assert "does not answer in time" in capsys.readouterr().err


@pytest.mark.slow
def test_requests_keep_their_distance(
    look: Look, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seed.polite.PAUSE_SECONDS", 0.05)
    register.papers = found(PAPER)
    start = time.monotonic()

    assert look("123", "10.1234/example") == 0
    assert time.monotonic() - start >= 3 * 0.05


@pytest.mark.slow
@pytest.mark.covering
def test_what_is_no_identifier_is_asked_of_nobody(
    look: Look, register: Register, capsys: Capture
) -> None:
    wrong = ("x", "10.1/a b", '10.1234/"x', "NCT01938001")

    assert look(*wrong) == 1

    told = "".join(f"{one} is no DOI, PubMed or PMC number\n" for one in wrong)
    assert capsys.readouterr().err == told
    assert register.asked == []


def test_the_command_says_what_it_needs(
    look: Look, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    assert look() == look("123", "--missing") == 1
    assert "or --missing" in capsys.readouterr().err
    monkeypatch.delenv("MOA_CONTACT")
    assert look("123") == 1
    assert "MOA_CONTACT" in capsys.readouterr().err
