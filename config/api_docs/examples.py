"""How an operation is asked: with curl, with Python, and from Excel by Power Query."""

import json
from dataclasses import dataclass
from pprint import pformat
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from config.api_docs.document import Document
from config.api_docs.shapes import SAMPLE_UUID, sample_of

_JSON = "application/json"
#: What stands in the place of a parameter in the path.
_IN_PATHS = {"key": SAMPLE_UUID, "code": "CODE"}


@dataclass(frozen=True)
class Example:
    """One way to ask, with the words to write."""

    label: str
    text: str


def examples_of(method: str, path: str, operation: dict[str, Any], described: Document) -> list[Example]:
    """The operation asked with the least it needs."""
    asked = _Asked(method, path, operation, described)
    found = [Example("curl", asked.with_curl()), Example("Python", asked.with_python())]
    if method == "GET" and asked.answers_json:
        found.append(Example("Excel (Power Query)", asked.with_power_query()))
    return found


class _Asked:
    """What every way of asking needs to know of an operation."""

    def __init__(self, method: str, path: str, operation: dict[str, Any], described: Document) -> None:
        self.method = method
        parameters = operation.get("parameters", [])
        self.path = path
        for each in parameters:
            if each["in"] == "path":
                self.path = self.path.replace(f"{{{each['name']}}}", _IN_PATHS.get(each["name"], "12"))
        self.query = {each["name"]: _value(each) for each in parameters if _is_needed(each, "query")}
        self.headers = {each["name"]: '"v3"' for each in parameters if _is_needed(each, "header")}
        content = operation.get("requestBody", {}).get("content", {})
        self.sends_files = bool(content) and _JSON not in content
        schema = content.get(_JSON, {}).get("schema")
        self.body = sample_of(schema, described) if schema else None
        answer = operation["responses"].get("200", {}).get("content", {})
        self.answers_json = _JSON in answer
        self.rows = _rows_of(answer.get(_JSON, {}).get("schema", {}))

    @property
    def url(self) -> str:
        return f"{settings.PUBLIC_URL}{self.path}"

    def with_curl(self) -> str:
        address = self.url + (f"?{urlencode(self.query, safe=',')}" if self.query else "")
        lines = ['curl -H "Authorization: Api-Key $KEY"']
        if self.method != "GET":
            lines[0] += f" -X {self.method}"
        lines += [f"  -H '{name}: {value}'" for name, value in self.headers.items()]
        if self.sends_files:
            lines.append('  -F "files=@paper.pdf"')
        if self.body is not None:
            sent = json.dumps(self.body, ensure_ascii=False, indent=2)
            lines += ['  -H "Content-Type: application/json"', f"  -d '{sent}'"]
        return " \\\n".join([*lines, f'  "{address}"'])

    def with_python(self) -> str:
        lines = [f"answer = requests.{self.method.lower()}(", f'    "{self.url}",']
        if self.query:
            lines.append(f"    params={json.dumps(self.query)},")
        headers = ['"Authorization": f"Api-Key {key}"']
        headers += [f"\"{name}\": '{value}'" for name, value in self.headers.items()]
        lines.append(f"    headers={{{', '.join(headers)}}},")
        if self.sends_files:
            lines.append('    files={"files": open("paper.pdf", "rb")},')
        if self.body is not None:
            sent = pformat(self.body, sort_dicts=False, width=72).replace("\n", "\n         ")
            lines.append(f"    json={sent},")
        return "\n".join([*lines, "    timeout=30,", ")", "answer.raise_for_status()"])

    def with_power_query(self) -> str:
        options = [f'RelativePath = "{self.path.lstrip("/")}"']
        if self.query:
            named = ", ".join(f'{name} = "{value}"' for name, value in self.query.items())
            options.append(f"Query = [{named}]")
        options.append('Headers = [Authorization = "Api-Key " & Key]')
        inside = ",\n        ".join(options)
        return (
            "let\n"
            '    Key = Excel.CurrentWorkbook(){[Name="ApiKey"]}[Content]{0}[Column1],\n'
            f'    Answer = Json.Document(Web.Contents("{settings.PUBLIC_URL}", [\n        {inside}])),\n'
            f"    Rows = {self.rows}\n"
            "in\n"
            "    Rows"
        )


def _is_needed(parameter: dict[str, Any], place: str) -> bool:
    return parameter["in"] == place and bool(parameter.get("required"))


def _value(parameter: dict[str, Any]) -> str:
    """The first example of a parameter, else one of its values."""
    for example in parameter.get("examples", {}).values():
        return str(example["value"])
    return str(next(iter(parameter.get("schema", {}).get("enum", ())), "…"))


def _rows_of(schema: dict[str, Any]) -> str:
    """How Power Query makes a table of an answer."""
    name = schema.get("$ref", "").rpartition("/")[2]
    if name.startswith("Paginated"):
        return "Table.FromRecords(Answer[results])"
    if name == "Statistics":
        return "Table.FromRecords(Answer[data])"
    return "Table.FromRecords(Answer)" if schema.get("type") == "array" else "Record.ToTable(Answer)"
