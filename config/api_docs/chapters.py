"""The operations of the API, noun by noun, as the pages show them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.api_docs.document import Document
from config.api_docs.examples import Example, examples_of
from config.api_docs.shapes import Kind, Shape, kind_of, plain_text, shapes_of

#: What each noun of the API is called, in the order of the pages.
NOUNS = {
    "statistics": gettext_lazy("Statistics"),
    "indicators": gettext_lazy("Indicators"),
    "areas": gettext_lazy("Areas"),
    "agencies": gettext_lazy("Agencies"),
    "periods": gettext_lazy("Periods"),
    "programmes": gettext_lazy("Programmes"),
    "targets": gettext_lazy("Targets"),
    "reports": gettext_lazy("Reports"),
    "obligations": gettext_lazy("Reports owed"),
    "submissions": gettext_lazy("Submissions"),
    "activities": gettext_lazy("Activities"),
    "documents": gettext_lazy("Documents"),
    "tasks": gettext_lazy("Tasks"),
    "assignments": gettext_lazy("Tasks of units"),
    "pilots": gettext_lazy("Pilots"),
    "models": gettext_lazy("Prevention models"),
    "difficulties": gettext_lazy("Difficulties"),
    "recommendations": gettext_lazy("Recommendations"),
    "directions": gettext_lazy("Directions"),
    "tips": gettext_lazy("Tips"),
    "cases": gettext_lazy("Cases"),
    "victims": gettext_lazy("Victims"),
    "services": gettext_lazy("Support services"),
    "transfers": gettext_lazy("Transfers"),
}
_METHODS = ("get", "post", "put", "patch", "delete")
#: Errors come in one shape, told once for all operations.
_PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation; ``place`` is path, query or header."""

    name: str
    place: str
    kind: Kind
    is_required: bool
    text: str
    default: str


@dataclass(frozen=True)
class Answer:
    """What an operation may answer with. An error has no kind: all have the same shape, told once a page."""

    status: str
    text: str
    media_types: str
    kind: Kind | None

    @property
    def is_error(self) -> bool:
        return self.status >= "4"


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked, at one address with one method."""

    method: str
    path: str
    anchor: str
    text: str
    parameters: list[Parameter]
    body: Kind | None
    body_type: str
    answers: list[Answer]
    examples: list[Example]

    @property
    def done(self) -> list[Answer]:
        """The answers that are no errors."""
        return [answer for answer in self.answers if not answer.is_error]

    @property
    def errors(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.is_error]

    @property
    def words(self) -> str:
        """The first sentence of what it does, for the list of all operations."""
        first, stop, _rest = self.text.partition(". ")
        return first + stop.strip()


@dataclass(frozen=True)
class Chapter:
    """The operations of one noun."""

    tag: str
    label: str
    operations: list[Operation]

    @property
    def errors(self) -> list[Answer]:
        """Every error that one of these operations may answer with, once."""
        found = {(each.status, each.text): each for told in self.operations for each in told.errors}
        return [found[key] for key in sorted(found)]

    def shapes(self, described: Document) -> list[Shape]:
        """What these operations send and answer."""
        kinds = [operation.body for operation in self.operations if operation.body]
        for operation in self.operations:
            kinds += [answer.kind for answer in operation.answers if answer.kind]
        return shapes_of(kinds, described)


def chapters_of(described: Document) -> list[Chapter]:
    """Every operation of the document under its noun. A noun that is new stands at the end under its own word."""
    found: dict[str, list[Operation]] = {tag: [] for tag in NOUNS}
    for tag, operation in _operations(described):
        found.setdefault(tag, []).append(operation)
    return [Chapter(tag, str(NOUNS.get(tag, tag)), told) for tag, told in found.items() if told]


def _operations(described: Document) -> Iterator[tuple[str, Operation]]:
    for path, methods in described["paths"].items():
        for method in _METHODS:
            if method in methods:
                yield methods[method]["tags"][0], _operation(method.upper(), path, methods[method], described)


def _operation(method: str, path: str, told: dict[str, Any], described: Document) -> Operation:
    content = told.get("requestBody", {}).get("content", {})
    body_type = next(iter(content), "")
    return Operation(
        method=method,
        path=path,
        anchor=slugify(told["operationId"]),
        text=plain_text(told.get("description", "")),
        parameters=[_parameter(each, described) for each in told.get("parameters", [])],
        body=kind_of(content[body_type]["schema"], described) if content else None,
        body_type=body_type,
        answers=[_answer(status, each, described) for status, each in told["responses"].items()],
        examples=examples_of(method, path, told, described),
    )


def _parameter(told: dict[str, Any], described: Document) -> Parameter:
    schema = told.get("schema", {})
    return Parameter(
        name=told["name"],
        place=told["in"],
        kind=kind_of(schema, described),
        is_required=bool(told.get("required")),
        text=plain_text(told.get("description", "")),
        default=str(schema.get("default", "")),
    )


def _answer(status: str, told: dict[str, Any], described: Document) -> Answer:
    content: dict[str, Any] = told.get("content", {})
    schema = next((each["schema"] for each in content.values()), None)
    return Answer(
        status=status,
        text=told.get("description") or _("The answer."),
        media_types=", ".join(content),
        kind=kind_of(schema, described) if schema and _PROBLEM not in content else None,
    )
