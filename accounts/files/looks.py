"""What a file is, as a page shows it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Look(models.TextChoices):
    """What a file is, as its icon shows it. The value is the name of the icon."""

    PDF = "pdf", _("PDF file")
    PICTURE = "picture", _("Picture")
    EXCEL = "excel", _("Excel workbook")
    WORD = "word", _("Word file")
    OTHER = "other", _("File")

    @property
    def icon(self) -> str:
        """The static file that shows it."""
        return f"img/files/{self.value}.svg"


_OFFICE = "application/vnd.openxmlformats-officedocument."
_LOOKS = {
    "application/pdf": Look.PDF,
    "image/png": Look.PICTURE,
    "image/jpeg": Look.PICTURE,
    f"{_OFFICE}spreadsheetml.sheet": Look.EXCEL,
    f"{_OFFICE}wordprocessingml.document": Look.WORD,
}


def look_of(media_type: str) -> Look:
    return _LOOKS.get(media_type, Look.OTHER)
