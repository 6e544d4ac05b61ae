"""Descriptions of fields, parameters and operations that do not carry their own."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.schema.vocabulary import YAML

Sentences = Mapping[str, Mapping[str, str]]


@cache
def sentences() -> Sentences:
    """All descriptions, read once, under `fields`, `parameters` and `operations`."""
    text = files("app.schema").joinpath("descriptions.yaml").read_text("utf-8")
    found: Sentences = yaml.load(text, YAML)  # noqa: S506 - a safe one
    return found


def field_sentence(shape: type[BaseModel], name: str, info: FieldInfo) -> str:
    """The description of a field; empty if there is none."""
    if info.description:
        return info.description
    known = sentences()["fields"]
    component = shape.__name__.removesuffix("Shape").removesuffix("Read")
    return known.get(f"{component}.{name}") or known.get(name, "")
