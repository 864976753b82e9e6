"""What a browser would send of the forms of a page."""

from html.parser import HTMLParser


class _Forms(HTMLParser):
    """The fields of each form of a page, as a browser would send them without a button."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self.select = ""
        self.chosen: str | None = None
        self.area = ""
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append((given.get("action", ""), []))
        if not self.forms or "disabled" in given:
            return
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "input" and name and kind not in ("submit", "file", "checkbox", "radio"):
            self.forms[-1][1].append((name, given.get("value", "")))
        elif tag == "input" and name and kind in ("checkbox", "radio") and "checked" in given:
            self.forms[-1][1].append((name, given.get("value", "on")))
        elif tag == "select":
            self.select, self.chosen = name, None
        elif tag == "option" and self.select and (self.chosen is None or "selected" in given):
            self.chosen = given.get("value", "")
        elif tag == "textarea":
            self.area, self.text = name, ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select:
            self.forms[-1][1].append((self.select, self.chosen or ""))
            self.select = ""
        elif tag == "textarea" and self.area:
            self.forms[-1][1].append((self.area, self.text.removeprefix("\n")))
            self.area = ""


def form_of(page: str, action: str = "", field: str = "") -> list[tuple[str, str]]:
    """The fields of the first form that is sent to an address, or has a field. Raises LookupError without one."""
    parsed = _Forms()
    parsed.feed(page)
    for sent_to, fields in parsed.forms:
        if (not action or sent_to == action) and (not field or field in dict(fields)):
            return fields
    raise LookupError(f"no form of the page goes to {action!r} with {field!r}")
