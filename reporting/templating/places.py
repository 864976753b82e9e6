"""Places in the texts of a template: stored as ``{code}``, seen by people as ⟦name⟧."""

import re
from collections.abc import Mapping
from functools import cached_property

from reporting.building.editing import FORMS
from reporting.building.wording import PLACE
from reporting.models import Indicator, ReportKind

#: What may be named in a text besides figures, in the language of the reports.
NAMES_VI = {
    "period": "kỳ báo cáo",
    "days": "thời gian số liệu",
    "area": "địa bàn",
    "AREA": "ĐỊA BÀN",
    "place": "địa danh",
    "unit": "cấp hành chính",
    "province": "tỉnh của địa bàn",
    "basis": "căn cứ báo cáo",
    "pilot": "thí điểm",
    "plan": "kế hoạch thí điểm",
    "document": "văn bản giao nhiệm vụ",
    "issuer": "cơ quan ban hành",
    "ISSUER": "CƠ QUAN BAN HÀNH",
    "symbol": "ký hiệu cơ quan ban hành",
}
#: Names that only a report about a pilot, or about a document, can fill.
ONLY_IN = {
    "pilot": ReportKind.PILOT,
    "plan": ReportKind.PILOT,
    "document": ReportKind.PROGRESS,
    "issuer": ReportKind.PROGRESS,
    "ISSUER": ReportKind.PROGRESS,
    "symbol": ReportKind.PROGRESS,
}
_TOKEN = re.compile(r"⟦([^⟦⟧]*)⟧")
_LEFT_OVER = re.compile(r"⟦[^⟦⟧]*⟧?|\{[^{}]*\}?|[⟧}]")
_SHOWN = {form: word for word, form in FORMS.items()}


class Places:
    """The places that the texts of a kind of report may have. ``indicators`` are those of the catalogue."""

    def __init__(self, kind: str, indicators: list[Indicator]) -> None:
        self.kind = kind
        self.indicators = {indicator.code: indicator for indicator in indicators}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The names besides figures that fit this kind of report, by their code."""
        return {code: name for code, name in NAMES_VI.items() if ONLY_IN.get(code, self.kind) == self.kind}

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What each indicator is called here: its name; with its code where two have the same name."""
        names = [indicator.name for indicator in self.indicators.values()]
        twice = {name for name in names if names.count(name) > 1}
        return {
            code: f"{one.name} ({code})" if one.name in twice else one.name
            for code, one in self.indicators.items()
        }

    @cached_property
    def _codes(self) -> Mapping[str, str]:
        by_name = {" ".join(label.split()): code for code, label in self.labels.items()}
        return {**by_name, **{name: code for code, name in self.names.items()}}

    def label(self, code: str) -> str:
        """An indicator as a person reads it; what is no code of the catalogue stays as it is."""
        return self.labels.get(code, code)

    def code(self, label: str) -> str:
        """The code of an indicator that a person named; what names none stays as it was typed."""
        typed = " ".join(label.split())
        code = self._codes.get(typed, typed)
        return code if code in self.indicators else typed

    def shown(self, text: str) -> str:
        """A stored text as a person edits it."""

        def put(match: re.Match[str]) -> str:
            comma, name, form = match[1] or "", match[2], match[3]
            if name in self.indicators:
                return f"{comma}⟦{self.labels[name]}{f': {_SHOWN[form]}' if form else ''}⟧"
            return f"{comma}⟦{self.names[name]}⟧" if name in self.names and not form else match[0]

        return PLACE.sub(put, text)

    def stored(self, text: str) -> str:
        """An edited text as it is stored; a place that names nothing stays as it was typed."""

        def put(match: re.Match[str]) -> str:
            typed = " ".join(match[1].split())
            if typed in self._codes:
                return f"{{{self._codes[typed]}}}"
            name, _, word = typed.rpartition(":")
            code = self._codes.get(name.strip())
            if code in self.indicators and word.strip() in FORMS:
                return f"{{{code}:{FORMS[word.strip()]}}}"
            return match[0]

        return _TOKEN.sub(put, text)

    def unknown(self, text: str) -> list[str]:
        """The places of a stored text that name nothing, as they were typed; a bracket left open is one."""

        def put(match: re.Match[str]) -> str:
            name, form = match[2], match[3]
            is_known = name in self.indicators or (name in self.names and not form)
            return "" if is_known else match[0]

        return list(dict.fromkeys(_LEFT_OVER.findall(PLACE.sub(put, text))))
