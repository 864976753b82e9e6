"""A snapshot as a Word file with the layout of the PDF, to be edited on."""

from reporting.rendering.word.document import render_docx

__all__ = ["render_docx"]
