"""The rows of figures on the page of a report, written at once: a template for each of a hundred rows takes longer
than all else on the page."""

from collections.abc import Iterable
from functools import cached_property

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from reporting.figure_links import FigureLinks
from reporting.figures import MapBasis
from reporting.models import Obligation
from reporting.services.validation import Finding
from reporting.submission_form import FigureRow
from territory.period import Period


class RowWriter:
    """Writes rows of figures, and findings, in the reader's language.

    ``is_editable``: fields, not words. ``is_kept_copy``: for a browser to keep, so without links.
    """

    def __init__(self, obligation: Obligation, *, is_editable: bool, is_kept_copy: bool) -> None:
        self.obligation, self.is_editable, self.is_kept_copy = obligation, is_editable, is_kept_copy
        self._words = {
            "records": escape(_("Records")),
            "figure": escape(_("Figure")),
            "note": escape(_("Note")),
            "breakdown": escape(_("Breakdown")),
            "taken_from": escape(_("Taken from")),
            "explanation": escape(_("Explanation")),
            "why": escape(_("Why is it right all the same?")),
        }

    def rows(self, rows: Iterable[FigureRow]) -> SafeString:
        """The rows of the figures, each followed by those of its parts that are shown."""
        written = []
        for row in rows:
            written.append(self._row(row, ""))
            written += [self._row(part, self._of_part(part)) for part in row.parts]
        return mark_safe("\n".join(written))  # noqa: S308 - all is escaped

    def findings(self, findings: Iterable[Finding]) -> SafeString:
        """What the rules found, each with the word about it where a warning may have one."""
        return mark_safe("\n".join(self._finding(each) for each in findings))  # noqa: S308 - all is escaped

    def _row(self, row: FigureRow, attributes: str) -> str:
        words, fault = self._words, ' class="has-error"' if row.error else ""
        unit = f' <span class="muted small">({escape(row.unit)})</span>' if row.unit else ""
        return f"""<tr{attributes}>
<th scope="row">{self._name(row)}{unit}{self._parts(row)}{self.findings(row.findings)}</th>
<td class="num" data-label="{words["records"]}">{self._recorded(row)}</td>
<td data-label="{words["figure"]}"{fault}>{self._typed(row)}</td>
<td data-label="{words["note"]}">{self._noted(row)}</td>
</tr>"""

    def _of_part(self, part: FigureRow) -> str:
        of = f' data-part-of="{escape(part.code)}"' if self.is_kept_copy else ""
        return f' class="sub-part"{of}'

    def _name(self, row: FigureRow) -> str:
        name = escape(row.name)
        return f'<label for="{escape(row.field_id)}">{name}</label>' if self.is_editable else name

    def _parts(self, row: FigureRow) -> str:
        """What opens the parts of a figure."""
        if not row.has_parts:
            return ""
        code, word, found = escape(row.code), self._words["breakdown"], ""
        told = f" ({row.told_parts})" if row.told_parts else ""
        button = '<br><button class="btn btn-small btn-quiet"'
        if not row.is_open and self.is_editable:
            found = f'{button} name="parts" value="{code}" formnovalidate>{word}{told}</button>'
        elif not row.is_open and told:
            found = f'<br><a class="small" href="?parts={code}">{word}{told}</a>'
        if self.is_kept_copy:
            found += f'{button} type="button" data-show-parts="{code}">{word}</button>'
        return found

    def _recorded(self, row: FigureRow) -> str:
        if not row.records:
            return '<span class="muted">—</span>'
        records = escape(row.records)
        if self.is_kept_copy:
            return records
        url = self._links.of(row.code, area=self.obligation.area, period=self._period, part=row.part)
        return f'<a href="{escape(url)}">{records}</a>'

    @cached_property
    def _links(self) -> FigureLinks:
        """Where the records of the unit behind each figure are told."""
        return FigureLinks(MapBasis.THEN, agency=self.obligation.agency.code)

    @cached_property
    def _period(self) -> Period:
        return self.obligation.period

    def _typed(self, row: FigureRow) -> str:
        typed, field = escape(row.typed), escape(row.field_id)
        error = f'<span class="field-error" id="{field}-e">{escape(row.error)}</span>' if row.error else ""
        if not self.is_editable:
            return f"<strong>{typed or '—'}</strong>{error}"
        invalid = f' aria-invalid="true" aria-describedby="{field}-e"' if row.error else ""
        return (
            f'<input class="input-figure" id="{field}" name="figure:{escape(row.key)}" value="{typed}"'
            f' maxlength="80" autocomplete="off"{invalid}>{error}'
        )

    def _noted(self, row: FigureRow) -> str:
        note: str = escape(row.note)
        if self.is_editable:
            note = (
                f'<input name="note:{escape(row.key)}" value="{note}" maxlength="300"'
                f' aria-label="{self._words["note"]}: {escape(row.name)}">'
            )
        origin = row.stored.taken_from if row.stored else ""
        if not origin:
            return note
        return f'{note}<span class="muted small">{self._words["taken_from"]}: {escape(origin)}</span>'

    def _finding(self, finding: Finding) -> str:
        message, word = escape(finding.message), ""
        if not finding.is_error and self.is_editable:
            word = (
                f'<input name="word:{escape(finding.rule)}.{escape(finding.subject)}"'
                f' value="{escape(finding.explanation)}" maxlength="500" placeholder="{self._words["why"]}"'
                f' aria-label="{self._words["explanation"]}: {message}">'
            )
        elif not finding.is_error and finding.explanation:
            word = f"<br>{self._words['explanation']}: {escape(finding.explanation)}"
        shape = "error" if finding.is_error else "warning"
        place = escape(finding.place)
        return f'<div class="message message-{shape} small" id="{place}">{message}\n{word}</div>'
