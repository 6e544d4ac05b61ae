"""The settings of the service, each an environment variable whose name starts with MOA_."""

import re
from importlib import import_module
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_FILE = ROOT / "data" / "lenalidomide-moa.db"

PREFIX = "MOA_"
NO_FILE = ("sqlite:///", "sqlite:///:memory:")
DATABASES = ("sqlite:///", "postgresql://", "postgresql+psycopg://")
# RFC 3986, section 3.2, but stricter where SQLAlchemy and libpq read an address differently: `@`
# only before the host, and no `+` in a query. Anything else in a part is percent-encoded.
PART = r"(?:[A-Za-z0-9._~!$'()*,;-]|%[0-9A-Fa-f]{2})"
# Without `.` and `..`, which clients take out of an address (RFC 3986, section 5.2.4).
ROOT_PATH = re.compile(r"(/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*")
PUBLIC = re.compile(
    r"(?P<origin>https?://(?:[A-Za-z0-9]+(?:[.-]+[A-Za-z0-9]+)*|\[[0-9A-Fa-f:.]+\])"
    rf"(?::(?P<port>[0-9]{{1,5}}))?)(?P<path>{ROOT_PATH.pattern})"
)
# The first parts of the service's own paths: a prefix like one of these could be stripped twice, or
# not at all.
OWN_PATHS = (
    *("v1", "problems", "docs", "openapi.json", "livez", "readyz"),
    *("mechanisms", "subtypes", "partners", "trials", "network", "paths", "conflicts"),
    *("references", "entities", "search", "questions", "about", "static"),
    *(".well-known", "favicon.ico", "robots.txt", "sitemap.xml", "llms.txt"),
)
MAX_PORT = 65_535

Network = IPv4Network | IPv6Network

# Connection parameters of libpq that are not secret; any other is shown without its value.
SHOWN = {"host", "port", "dbname", "user", "sslmode", "application_name", "connect_timeout"}
POSTGRES = re.compile(
    rf"""
    postgresql\+psycopg://
    (?:(?:{PART}|[&=+])+ (?: : (?:{PART}|[:&=+])*)? @)?  # user and password
    (?:[A-Za-z0-9._-]+ | \[[0-9A-Fa-f:.]+\])?           # host
    (?: : (?P<port>[0-9]{{1,5}}))?
    (?: / {PART}*)?                                      # database
    (?: \? (?:[a-z_]+ = (?:{PART}|[:/])* (?: & (?!$) | $))+)?
    """,
    re.VERBOSE,
)


class Settings(BaseSettings):
    """The settings, read once at start; an invalid value stops the start with one line."""

    # Compose files write `${MOA_HOST:-}`: an empty value means the default.
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, hide_input_in_errors=True
    )

    database_url: str = Field(
        default=f"sqlite:///{DEFAULT_FILE}",
        repr=False,  # it may hold a password
        description="Where the data are kept: `sqlite:///file` or `postgresql://…`. "
        "Default: `data/lenalidomide-moa.db` beside the code.",
    )
    host: str = Field(
        default="127.0.0.1",
        description="Address to listen on, IPv4 or IPv6; `::` for all addresses of both.",
    )
    port: Annotated[int, Field(ge=1, le=65535)] = Field(
        default=8000, description="Port to listen on, 1 to 65535."
    )
    threads: Annotated[int, Field(ge=1, le=256)] = Field(
        default=8, description="Requests that may read the database at once, 1 to 256."
    )
    statement_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        default=2.0, description="Time limit of one database statement, in seconds, up to 60."
    )
    wait_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        default=5.0, description="Longest wait for a connection or a lock, in seconds, up to 60."
    )
    root_path: str = Field(
        default="",
        description="Path prefix under which a proxy shows the service, such as `/moa`; the proxy "
        "may keep or strip it.",
    )
    public_address: str = Field(
        default="",
        description="Public address of the service, such as `https://example.org/moa`: files, "
        "citations and what search engines read then contain full addresses.",
    )
    trusted_proxies: str = Field(
        default="",
        description="Proxies that are trusted to say where a request comes from (`X-Forwarded-*` "
        "or `Forwarded`): addresses and networks, such as `127.0.0.1,10.0.0.0/8`.",
    )
    caller_requests: Annotated[int, Field(ge=0, le=10_000)] = Field(
        default=0,
        description="Requests from one address that may be answered at once, not counting answers "
        "from memory, up to 10,000; 0 for no limit.",
    )
    caller_rate: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        default=0,
        description="Requests from one address per minute, not counting answers from memory, up "
        "to 1,000,000; 0 for no limit.",
    )
    key_rate: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        default=6000,
        description="Changes and proposals by one key per minute, up to 1,000,000; 0 for no limit.",
    )
    body_kilobytes: Annotated[int, Field(ge=16, le=4096)] = Field(
        default=64, description="Largest body of a change, in kB, 16 to 4096."
    )
    body_depth: Annotated[int, Field(ge=8, le=100)] = Field(
        default=32, description="Deepest nesting of JSON in the body of a change, 8 to 100."
    )
    changes_at_once: Annotated[int, Field(ge=1, le=64)] = Field(
        default=4, description="Changes a process makes at once, 1 to 64, below `MOA_THREADS`."
    )
    changes_waiting: Annotated[int, Field(ge=1, le=10_000)] = Field(
        default=64,
        description="Changes that may wait in a process while others are made, 1 to 10,000; "
        "further ones are refused.",
    )
    open_proposals: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        default=1000,
        description="Proposals of one key that may be open at once, up to 1,000,000; 0 for no "
        "limit.",
    )
    cache_megabytes: Annotated[int, Field(ge=0, le=4096)] = Field(
        default=32,
        description="Memory for cached answers, in MB, up to 4096; 0 for none.",
    )
    access_log: bool = Field(default=False, description="Whether to log each request.")
    metrics_port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=0,
        description="Port for `/metrics` in Prometheus format, for the operator alone; 0 for none.",
    )
    contact: Annotated[str, Field(max_length=200, pattern=r"^[!-~]*$")] = Field(
        default="",
        description="E-mail address or web page of the operator, which `lookup` sends to the "
        "registers.",
    )
    dot: str | None = Field(
        default=None,
        description="Program that lays out pictures, such as `dot`. Default: the one installed "
        "with the service.",
    )

    @property
    def embedded(self) -> bool:
        """Whether the data are in a SQLite file."""
        return self.database_url.startswith("sqlite:")

    @property
    def prefix(self) -> str:
        """The path under which the service is shown; that of the public address, if one is set."""
        found = PUBLIC.fullmatch(self.public_address)
        return found["path"] if found else self.root_path

    @property
    def origin(self) -> str:
        """Scheme and host of the public address; empty if there is none."""
        found = PUBLIC.fullmatch(self.public_address)
        return found["origin"] if found else ""

    @property
    def trusted_networks(self) -> tuple[Network, ...]:
        """The proxies that are trusted; a single address is a network of one."""
        return tuple(map(ip_network, _listed(self.trusted_proxies)))

    @field_validator("trusted_proxies")
    @classmethod
    def known_networks(cls, given: str) -> str:
        """Accept only addresses and networks: a name could lead anywhere."""
        for one in _listed(given):
            try:
                ip_network(one)
            except ValueError as error:
                raise ValueError(
                    "must be addresses and networks, separated by commas, such as "
                    "127.0.0.1,10.0.0.0/8; a network must have no bits set beyond its prefix"
                ) from error
        return given

    @field_validator("root_path")
    @classmethod
    def plain_path(cls, path: str) -> str:
        """Accept only a path that needs no percent-encoding."""
        first = path[1:].partition("/")[0]
        if first in OWN_PATHS:
            raise ValueError(
                f"must not begin with /{first}, where the service has pages of its own"
            )
        if not ROOT_PATH.fullmatch(path):
            raise ValueError(
                "must be empty, or a path such as /moa: start with /, do not end with it, and use "
                "only letters, digits and -._~ in each part, but not . or .. alone"
            )
        return path

    @field_validator("public_address")
    @classmethod
    def whole_address(cls, given: str, info: ValidationInfo) -> str:
        """Accept only an address with the proxy's path and without a slash at the end."""
        if not given:
            return given
        found = PUBLIC.fullmatch(given)
        if not found or not 1 <= int(found["port"] or 1) <= MAX_PORT:
            raise ValueError(
                "must be like https://example.org or https://example.org/moa, without a slash at "
                "the end"
            )
        cls.plain_path(found["path"])
        if info.data.get("root_path") not in (None, "", found["path"]):
            raise ValueError(
                f"must end with the path of {variable('root_path')}, or leave that empty"
            )
        return given

    @field_validator("database_url")
    @classmethod
    def known_database(cls, url: str) -> str:
        """Accept only databases on which the whole test suite runs."""
        if not url.startswith(DATABASES):
            raise ValueError(f"must start with one of {', '.join(DATABASES)}")
        if url in NO_FILE:
            raise ValueError("must name a file after sqlite:///; data in memory would be lost")
        if url.startswith("sqlite:"):
            return url
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        if not _readable(url):
            raise ValueError(
                "must be like postgresql://user:password@host:5432/database; percent-encode all "
                "except letters, digits and -._~ in each part (@ is %40), and after ? give only "
                "connection parameters of libpq"
            )
        return url


def _listed(given: str) -> list[str]:
    """The items of a text that separates them by commas."""
    return [one for each in given.split(",") if (one := each.strip())]


def variable(setting: str) -> str:
    """The environment variable of a setting."""
    return f"{PREFIX}{setting}".upper()


def without_secrets(settings: Settings) -> dict[str, str]:
    """The value of each setting by its variable, without secrets."""
    values = settings.model_dump() | {"database_url": _shown_url(settings)}
    return {variable(name): written(value) for name, value in values.items()}


def written(value: object) -> str:
    """A value as it would be given in the environment."""
    return str(value).lower() if isinstance(value, bool) else str(value or "")


def address_without_password(settings: Settings) -> str:
    """The address of a PostgreSQL database for its own programs, which ask for the password."""
    url = make_url(settings.database_url)
    query = {name: value for name, value in url.query.items() if name in SHOWN}
    return URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, query
    ).render_as_string()


def _shown_url(settings: Settings) -> str:
    if settings.embedded:
        return settings.database_url
    url = make_url(settings.database_url)
    query = {name: value if name in SHOWN else "hidden" for name, value in url.query.items()}
    return url.set(query=query).render_as_string(hide_password=True)


def _readable(url: str) -> bool:
    """Whether SQLAlchemy and psycopg both read the PostgreSQL address, and in the same way."""
    found = POSTGRES.fullmatch(url)
    if not found or not 1 <= int(found["port"] or 1) <= MAX_PORT:
        return False
    # The driver is loaded only where it is used: it takes 9 MB.
    driver = import_module("psycopg")
    try:
        parts = make_url(url)
        _, given = parts.get_dialect()().create_connect_args(parts)
        driver.conninfo.make_conninfo(**given)
    except (SQLAlchemyError, driver.Error, ValueError):
        return False
    # A tuple means that a parameter was given twice; these characters come from percent-encoded
    # bytes that are not text.
    return not any(
        isinstance(one, tuple) or set(str(one)) & {"\0", "\ufffd"} for one in given.values()
    )
