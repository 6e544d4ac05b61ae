"""What fields, parameters and operations are, in words, where they do not say it themselves."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

Sentences = Mapping[str, Mapping[str, str]]


@cache
def sentences() -> Sentences:
    """All sentences, read once: by `fields`, `parameters` and `operations`."""
    text = files("app.schema").joinpath("descriptions.yaml").read_text("utf-8")
    found: Sentences = yaml.safe_load(text)
    return found


def field_sentence(shape: type[BaseModel], name: str, info: FieldInfo) -> str:
    """What a field of a shape is."""
    if info.description:
        return info.description
    known = sentences()["fields"]
    component = shape.__name__.removesuffix("Shape").removesuffix("Read")
    return known.get(f"{component}.{name}") or known.get(name, "")
