"""What Europe PMC and NCBI's E-utilities say about a document, treated as untrusted text."""

import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from pydantic import BaseModel, Field

from app.citations.document import SUFFIX
from app.schema.identifiers import normal
from seed.polite import Polite, read_as

EUROPE_PMC = "https://www.ebi.ac.uk/europepmc/webservices/rest"
NCBI = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
MARKUP = re.compile(r"</?[A-Za-z][^>]*>")
YEAR = re.compile(r"(?:1[89]|20)[0-9]{2}")
FORMS = {
    "doi": re.compile(r"10\.[0-9]{4,9}/[^\s\"<>]+"),
    "pmid": re.compile(r"[1-9][0-9]{0,8}"),
    "pmcid": re.compile(r"PMC[0-9]+"),
}
MOST_LETTERS = 1_000
BODY = "CollectiveName"
"""The type that PubMed gives to authors that are organisations."""


@dataclass(frozen=True)
class FoundAuthor:
    """An author: a person by family name and initials, or an organisation."""

    family: str = ""
    given: str = ""
    literal: str = ""


@dataclass(frozen=True)
class FoundDocument:
    """What a register says about a document; None where it says nothing."""

    title: str | None = None
    authors: tuple[FoundAuthor, ...] = ()
    authors_complete: bool = False
    """Whether these are all the authors that the register lists."""
    container_title: str | None = None
    year: int | None = None
    volume: str | None = None
    issue: str | None = None
    page: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None

    def filled(self, other: "FoundDocument") -> "FoundDocument":
        """The same document, with fields it lacks taken from another register."""
        names = [one.name for one in fields(self)]
        values: dict[str, Any] = {
            name: getattr(self, name) or getattr(other, name) for name in names
        }
        values["authors_complete"] = (self if self.authors else other).authors_complete
        return FoundDocument(**values)


class _Author(BaseModel):
    last_name: str = Field("", alias="lastName")
    initials: str = ""
    collective: str = Field("", alias="collectiveName")


class _Authors(BaseModel):
    author: list[_Author] = []


class _Journal(BaseModel):
    title: str = ""


class _Issue(BaseModel):
    issue: str | None = None
    volume: str | None = None
    journal: _Journal = _Journal()


class _Paper(BaseModel):
    title: str = ""
    authors: _Authors = Field(_Authors(), alias="authorList")
    issue: _Issue = Field(_Issue(), alias="journalInfo")
    year: str = Field("", alias="pubYear")
    page: str | None = Field(None, alias="pageInfo")
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None


class _Papers(BaseModel):
    result: list[_Paper] = []


class _EuropePmcAnswer(BaseModel):
    papers: _Papers = Field(alias="resultList")


class _Ids(BaseModel):
    idlist: list[str]


class _NcbiSearch(BaseModel):
    found: _Ids = Field(alias="esearchresult")


class _Named(BaseModel):
    name: str = ""
    authtype: str = ""


class _ArticleId(BaseModel):
    idtype: str = ""
    value: str = ""


class _Summary(BaseModel):
    error: str = ""
    title: str = ""
    authors: list[_Named] = []
    journal: str = Field("", alias="fulljournalname")
    pubdate: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    ids: list[_ArticleId] = Field([], alias="articleids")


class _NcbiSummaries(BaseModel):
    result: dict[str, object]


@dataclass(frozen=True)
class EuropePmc:
    """Europe PMC's web service."""

    polite: Polite
    base: str

    def papers(self, question: str) -> list[FoundDocument]:
        """The first five documents that a query finds."""
        query = {"query": question, "format": "json", "resultType": "core", "pageSize": "5"}
        answer = self.polite.ask("Europe PMC", f"{self.base}/search", query, _EuropePmcAnswer)
        return [_of_europe_pmc(one) for one in answer.papers.result]

    def known(self, kind: str, value: str) -> FoundDocument | None:
        """The document with an identifier."""
        field = {"pmid": "EXT_ID", "doi": "DOI", "pmcid": "PMCID"}[kind]
        source = " AND SRC:MED" if kind == "pmid" else ""
        found = self.papers(f'{field}:"{value}"{source}')
        return next((one for one in found if same_text(getattr(one, kind), value)), None)


@dataclass(frozen=True)
class Ncbi:
    """PubMed, by NCBI's E-utilities."""

    polite: Polite
    base: str

    def known(self, kind: str, value: str) -> FoundDocument | None:
        """The document with an identifier."""
        pmid = value if kind == "pmid" else self._pmid(kind, value)
        if pmid is None:
            return None
        query = self._query(id=pmid)
        answer = self.polite.ask("NCBI", f"{self.base}/esummary.fcgi", query, _NcbiSummaries)
        if not isinstance(answer.result.get(pmid), dict):
            return None
        summary = read_as("NCBI", json.dumps(answer.result[pmid]).encode(), _Summary)
        return None if summary.error else _of_ncbi(pmid, summary)

    def _pmid(self, kind: str, value: str) -> str | None:
        term = f"{value}[{'doi' if kind == 'doi' else 'pmcid'}]"
        query = self._query(term=term)
        answer = self.polite.ask("NCBI", f"{self.base}/esearch.fcgi", query, _NcbiSearch)
        ids = [one for one in answer.found.idlist if one.isdecimal()]
        return ids[0] if len(ids) == 1 else None

    def _query(self, **given: str) -> dict[str, str]:
        who = {"tool": "lenalidomide-moa", "email": self.polite.contact}
        return {"db": "pubmed", "retmode": "json"} | who | given


def _of_europe_pmc(paper: _Paper) -> FoundDocument:
    found = (_author(one.last_name, one.initials, one.collective) for one in paper.authors.author)
    return _known(
        paper.title,
        found,
        paper.year,
        container_title=paper.issue.journal.title,
        volume=paper.issue.volume,
        issue=paper.issue.issue,
        page=paper.page,
        doi=paper.doi,
        pmid=paper.pmid,
        pmcid=paper.pmcid,
    )


def _of_ncbi(pmid: str, summary: _Summary) -> FoundDocument:
    ids = {one.idtype: one.value for one in summary.ids}
    found = (
        _author(literal=one.name) if one.authtype == BODY else _by_name(one.name)
        for one in summary.authors
    )
    return _known(
        summary.title,
        found,
        summary.pubdate,
        container_title=summary.journal,
        volume=summary.volume,
        issue=summary.issue,
        page=summary.pages,
        doi=ids.get("doi"),
        pmid=pmid,
        pmcid=ids.get("pmc"),
    )


def _known(
    title: str, authors: Iterable[FoundAuthor], date: str, **others: str | None
) -> FoundDocument:
    """What a register says, in plain text; identifiers of the wrong form are left out."""
    texts: dict[str, Any] = {name: without_markup(text) for name, text in others.items()}
    for name, form in FORMS.items():
        if not form.fullmatch(texts[name] or ""):
            texts[name] = None
    year = YEAR.match(date)
    listed = list(authors)
    named = tuple(one for one in listed if one.family or one.literal)
    return FoundDocument(
        title=(without_markup(title) or "").rstrip(".") or None,
        authors=named,
        authors_complete=bool(named) and len(named) == len(listed),
        year=int(year[0]) if year else None,
        **texts,
    )


def _by_name(name: str) -> FoundAuthor:
    """An author as PubMed writes them: `Gribben JG`, `Brown JR Jr`, or without initials."""
    words = (without_markup(name) or "").split()
    for at in (len(words) - 2, len(words) - 1):
        initials, *after = words[at:] or [""]
        if (
            at > 0
            and initials.isalpha()
            and initials.isupper()
            and all(map(SUFFIX.fullmatch, after))
        ):
            return _author(" ".join(words[:at]), " ".join(words[at:]))
    return _author(literal=name)


def _author(family: str = "", given: str = "", literal: str = "") -> FoundAuthor:
    """An author in plain text; a person without initials has a literal name only."""
    known, initials, whole = (without_markup(one) or "" for one in (family, given, literal))
    if known and initials and not whole:
        return FoundAuthor(known, initials)
    return FoundAuthor(literal=whole or known)


def without_markup(text: str | None) -> str | None:
    """A text without markup, control characters and extra spaces; None if nothing is left."""
    bare = MARKUP.sub("", html.unescape(MARKUP.sub("", text or "")))
    shown = "".join(one if one.isprintable() else " " for one in bare)
    return " ".join(shown.split())[:MOST_LETTERS] or None


def same_text(one: str | None, other: str | None) -> bool:
    """Whether two texts are the same apart from case, dashes and spacing."""
    return normal(one or "") == normal(other or "")
