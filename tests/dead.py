"""`python -m tests.dead`: list unused code."""

import re
import sys

from pydantic import BaseModel
from sqlmodel import SQLModel
from vulture import Vulture  # type: ignore[import-untyped]  # it ships no types

from app.formats.kgx import KgxEdge, KgxNode
from app.main import create_app
from app.settings import ROOT, Settings
from seed.vocabulary import CuratedVocabulary

# Called by a library because of a decorator.
ROUTES = ("get", "post", "put", "patch", "delete")
DECORATORS = ["@compiles", "@field_validator", "@app.get", *(f"@router.{one}" for one in ROUTES)]
# Read by a library by name.
NAMES = {
    "cls": "Python, of each validator",
    "compress_type": "zipfile, of a file in an archive",
    "file_size": "zipfile, of a file in an archive",
    "get_route_handler": "FastAPI, of each route",
    "inherit_cache": "SQLAlchemy, of each expression",
    "middleware_stack": "Starlette, of each application",
    "collect": "prometheus-client, of each collector",
    "total_tokens": "AnyIO, of the threads",
    "disabled": "logging, of each logger",
    "isolation_level": "sqlite3, of each connection",
    "data_received": "asyncio, of each protocol",
    "eof_received": "asyncio, of each protocol",
    "globals": "Jinja2, of each environment",
    "flow": "uvicorn, of each connection",
    "keep_alive": "uvicorn, of each request",
    "timeout_keep_alive_task": "uvicorn, of each connection",
}


def fields(model: type[BaseModel]) -> set[str]:
    """The fields of all models, which Pydantic reads by name."""
    below = {name for child in model.__subclasses__() for name in fields(child)}
    return below | set(model.model_fields)


def read_by_templates() -> set[str]:
    """The attributes that templates read."""
    folder = ROOT / "app" / "pages" / "templates"
    texts = (path.read_text("utf-8") for path in folder.iterdir())
    return {name for text in texts for name in re.findall(r"\.([a-z_]+)", text)}


def main() -> int:
    """Print where unused code is; return 0 if there is none."""
    create_app(Settings(database_url="sqlite:///none.db"))
    assert issubclass(CuratedVocabulary, BaseModel)  # loaded, so that its fields are known
    known = fields(BaseModel) | set(SQLModel.metadata.tables) | NAMES.keys()
    known |= read_by_templates()
    # Columns, written by their names.
    known |= {*KgxNode._fields, *KgxEdge._fields}
    search = Vulture(ignore_decorators=DECORATORS)
    search.scavenge([ROOT / "app", ROOT / "seed", ROOT / "migrations" / "env.py"])
    dead = [found for found in search.get_unused_code() if found.name not in known]
    for found in dead:
        print(f"{found.filename.relative_to(ROOT)}:{found.first_lineno}: {found.message}")
    return 1 if dead else 0


if __name__ == "__main__":
    sys.exit(main())
