"""What a value of the API is, in words, and the shapes that bodies and answers have."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from config.api_docs.document import Document

Schema = dict[str, Any]

#: Alternatives that only say that a value may be empty.
_EMPTY = ("NullEnum", "BlankEnum")
_REFERENCE = "#/components/schemas/"

SAMPLE_UUID = "6f1c2d9e-3b7a-4c55-9d0e-1a2b3c4d5e6f"


@dataclass(frozen=True)
class Kind:
    """What a value is: words, the shape they lead to where it has one, and the values it may have."""

    words: str
    shape: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """One field of a shape."""

    name: str
    kind: Kind
    is_required: bool
    text: str


@dataclass(frozen=True)
class Shape:
    """An object that is sent or answered, described once a page."""

    name: str
    text: str
    fields: list[Field]

    @property
    def anchor(self) -> str:
        return f"shape-{self.name}"

    @property
    def is_explained(self) -> bool:
        """Whether any field says more than its name."""
        return any(field.text for field in self.fields)


def kind_of(schema: Schema, described: Document) -> Kind:
    """What a value of this schema is."""
    reference = schema.get("$ref", "")
    if reference:
        return _kind_of_reference(reference.removeprefix(_REFERENCE), described)
    for joined in ("allOf", "oneOf", "anyOf"):
        if joined in schema:
            return _kind_of_alternatives(schema[joined], described)
    kinds = schema.get("type", "object")
    several = kinds if isinstance(kinds, list) else [kinds]
    plain = next((each for each in several if each != "null"), "object")
    kind = _kind_of_plain(plain, schema, described)
    return _or_nothing(kind) if "null" in several else kind


def _kind_of_reference(name: str, described: Document) -> Kind:
    target = described["components"]["schemas"][name]
    if "enum" in target:
        return Kind(_("string"), choices=tuple(str(each) for each in target["enum"]))
    if name.startswith("Paginated"):
        item = kind_of(target["properties"]["results"]["items"], described)
        return replace(item, words=_("page of"))
    return Kind("", shape=name)


def _kind_of_alternatives(alternatives: list[Schema], described: Document) -> Kind:
    told = [each for each in alternatives if not _is_empty(each)]
    kind = kind_of(told[0], described) if told else Kind(_("string"))
    return _or_nothing(kind) if len(told) < len(alternatives) else kind


def _is_empty(schema: Schema) -> bool:
    return schema.get("type") == "null" or schema.get("$ref", "").removeprefix(_REFERENCE) in _EMPTY


def _or_nothing(kind: Kind) -> Kind:
    return replace(kind, words=_("%(kind)s or null") % {"kind": kind.words} if kind.words else _("null, or"))


def _kind_of_plain(plain: str, schema: Schema, described: Document) -> Kind:
    if plain == "array":
        item = kind_of(schema.get("items", {}), described)
        return replace(item, words=_("list: %(item)s") % {"item": item.words} if item.words else _("list of"))
    formats = {
        "date": _("day (2026-03-05)"),
        "date-time": _("time (2026-03-05T08:00:00+07:00)"),
        "uuid": _("UUID"),
        "binary": _("file"),
    }
    words = {
        "string": formats.get(schema.get("format", ""), _("string")),
        "integer": _("whole number"),
        "number": _("number"),
        "boolean": _("true or false"),
    }.get(plain, _("object"))
    if "maxLength" in schema:
        words = _("%(kind)s, at most %(count)s characters") % {"kind": words, "count": schema["maxLength"]}
    return Kind(words, choices=tuple(str(each) for each in schema.get("enum", ())))


def plain_text(text: str) -> str:
    """A description without the list of values that stands beside it anyway."""
    kept = [line for line in text.splitlines() if not line.lstrip().startswith("* `")]
    return "\n".join(kept).strip().replace("``", "`")


def shapes_of(kinds: list[Kind], described: Document) -> list[Shape]:
    """The shapes these values have, and those that are inside of them, each once, in the order they are met."""
    found: dict[str, Shape] = {}
    waiting = [kind.shape for kind in kinds if kind.shape]
    while waiting:
        name = waiting.pop(0)
        if name in found:
            continue
        schema = described["components"]["schemas"][name]
        found[name] = Shape(name, plain_text(schema.get("description", "")), list(_fields(schema, described)))
        waiting += [field.kind.shape for field in found[name].fields if field.kind.shape]
    return list(found.values())


def _fields(schema: Schema, described: Document) -> Iterator[Field]:
    required = schema.get("required", [])
    for name, each in schema.get("properties", {}).items():
        text = plain_text(each.get("description", ""))
        yield Field(name, kind_of(each, described), name in required, text)


def sample_of(schema: Schema, described: Document, *, depth: int = 3) -> Any:
    """A value of this schema, as an example sends it: of an object only what is required."""
    if "$ref" in schema:
        target = described["components"]["schemas"][schema["$ref"].removeprefix(_REFERENCE)]
        return sample_of(target, described, depth=depth)
    for joined in ("allOf", "oneOf", "anyOf"):
        if joined in schema:
            return sample_of(schema[joined][0], described, depth=depth)
    if schema.get("enum"):
        return schema["enum"][0]
    kinds = schema.get("type", "object")
    plain = kinds[0] if isinstance(kinds, list) else kinds
    if plain == "array":
        return [sample_of(schema.get("items", {}), described, depth=depth - 1)] if depth else []
    if plain == "object":
        wanted = schema.get("required", []) if depth else []
        properties = schema.get("properties", {})
        return {name: sample_of(properties[name], described, depth=depth - 1) for name in wanted}
    formats = {"date": "2026-03-05", "date-time": "2026-03-05T08:00:00+07:00", "uuid": SAMPLE_UUID}
    plains = {"integer": 1, "number": 1.5, "boolean": True}
    return formats.get(schema.get("format", ""), plains.get(plain, "…"))
