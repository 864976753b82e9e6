"""The rows of a consolidation as HTML, written at once: a template for each of its thousand figures takes longer than
to put them together."""

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from reporting.consolidation import ConsolidatedRow, Consolidation, PartCell
from reporting.figure_links import FigureLinks
from reporting.figures import MapBasis
from reporting.models import Indicator
from territory.models import Area


class RowWriter:
    """Writes the table section by section, in the reader's language; figures lead to what they are made of."""

    def __init__(self, found: Consolidation) -> None:
        self._found, self._links = found, FigureLinks(MapBasis.THEN)
        waits = _("not accepted yet")
        self._waits = f'<br><span class="small muted">{escape(waits)}</span>'
        self._differs = "<br>" + render_to_string(
            "partials/badge.html", {"state": "late", "label": _("differs")}
        )

    def bodies(self) -> SafeString:
        """A body for each section, headed by its name."""
        found = self._found
        has_own, beside = found.has_own, f'<td colspan="{found.columns}"></td>'
        written = []
        for name, rows in found.sections:
            head = f'<tr class="group-row"><th class="pin" scope="rowgroup">{escape(name)}</th>{beside}</tr>'
            lines = "\n".join(f"<tr>{self._row(row, has_own)}</tr>" for row in rows)
            written.append(f"<tbody>\n{head}\n{lines}\n</tbody>")
        return mark_safe("\n".join(written))  # noqa: S308 - all is escaped

    def _row(self, row: ConsolidatedRow, has_own: bool) -> str:
        area, of = self._found.area, row.indicator
        told = [self._figure(each, of, area) for each in (row.accepted, row.waiting)]
        if has_own:
            told.append(self._figure(row.own, of, area))
        told.append(self._figure(row.records, of, area) + (self._differs if row.disagrees else ""))
        name = f'{escape(row.name)} <span class="muted small">({escape(row.unit)})</span>'
        cells = (*told, *self._parts(row.cells, of))
        return f'<th class="pin" scope="row">{name}</th>' + "".join(
            f'<td class="num">{each}</td>' for each in cells
        )

    def _parts(self, cells: Iterable[PartCell], of: Indicator) -> Iterable[str]:
        for cell in cells:
            if cell.figure:
                yield self._figure(cell.figure, of, cell.part.area) + (self._waits if cell.is_waiting else "")
            else:
                yield f'<span class="small muted">{escape(cell.word)}</span>'

    def _figure(self, shown: str, of: Indicator, area: Area | None) -> str:
        """A printed figure; a dash where it is not known, and no link where no area has it."""
        if not shown:
            return '<span class="muted">–</span>'
        if area is None:
            return escape(shown)
        assert self._found.period
        url = self._links.of(of.code, area=area, period=self._found.period)
        return f'<a href="{escape(url)}">{escape(shown)}</a>'
