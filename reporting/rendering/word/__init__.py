"""A snapshot as a Word file with the layout of the PDF, to be edited on."""

from collections.abc import Callable


def render_docx(snapshot: object, progress: Callable[[int], None] | None = None) -> bytes:
    """The report as a .docx file. The same snapshot gives the same bytes.

    `progress` is told the share of the work done, in per cent, rising to 100. Raises SnapshotError when the
    snapshot does not fit the schema, FontMissing when the font of the charts is not installed.
    """
    from reporting.rendering.word.document import write_document

    return write_document(snapshot, progress)
