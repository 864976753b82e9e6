"""Head and rows of a free table as HTML, written at once: a template for each of its hundreds of cells takes longer
than to find the figures."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from reporting.explore.pivot import TOTAL, Head, Member, Pivot, Square


def written(pivot: Pivot, *, with_links: bool = True) -> SafeString:
    """The head and body of the table; paper has no links."""
    names, tops, is_pinned = pivot.row_names, pivot.column_heads, len(pivot.row_names) == 1
    pin = ' class="pin"' if is_pinned else ""
    left = "".join(f'<th scope="col" rowspan="{len(tops)}"{pin}>{escape(name)}</th>' for name in names)
    head = "</tr><tr>".join("".join(_over(each) for each in heads) for heads in tops)
    before = escape(_("same period"))
    rows = [
        "".join(
            [
                *(_beside(each, is_pinned) for each in line.heads),
                *(_cell(each, before, with_links) for each in line.squares),
            ]
        )
        for line in pivot.lines
    ]
    body = "".join(f"<tr>{row}</tr>\n" for row in rows)
    return mark_safe(f"<thead><tr>{left}{head}</tr></thead>\n<tbody>{body}</tbody>")  # noqa: S308 - all is escaped


def _over(head: Head) -> str:
    """A heading of columns."""
    scope, span = ("col" if head.is_last else "colgroup"), _span("colspan", head)
    return f'<th scope="{scope}"{span} class="num">{_named(head.member)}</th>'


def _beside(head: Head, is_pinned: bool) -> str:
    """A heading of rows."""
    scope, span = ("row" if head.is_last else "rowgroup"), _span("rowspan", head)
    classes = " ".join(["pin"] * is_pinned + ["total"] * (head.member.key == TOTAL))
    return f'<th scope="{scope}"{span}{_class(classes)}>{_named(head.member)}</th>'


def _span(attribute: str, head: Head) -> str:
    return f' {attribute}="{head.span}"' if head.span > 1 else ""


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""


def _named(member: Member) -> str:
    note = f' <span class="small muted">({escape(member.note)})</span>' if member.note else ""
    return f"{escape(member.name)}{note}"


def _cell(square: Square, before: str, with_links: bool) -> str:
    text: str = escape(square.entry.text)
    change = square.change
    if square.entry.url and with_links:
        text = f'<a href="{escape(square.entry.url)}">{text}</a>'
    if square.before:
        text += f"<small>{before}: {escape(square.before)}</small>"
    if change:
        text += (
            f'<small class="dash-move" data-direction="{escape(change.shape)}">{escape(change.text)}</small>'
        )
    text += "".join(f"<small>{escape(note)}</small>" for note in square.notes)
    total, word = " total" * square.is_total, " word" * square.is_word
    return f'<td class="num{total}{word}">{text}</td>'
