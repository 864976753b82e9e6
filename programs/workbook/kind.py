"""What a kind of uploaded workbook is about: whose it may be, how its rows are checked, what storing them does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from accounts.models import User
from programs.models import WorkbookRow, WorkbookUpload
from programs.workbook.checking import Tally
from programs.workbook.leases import UploadKeeper, UploadLease


@dataclass(frozen=True)
class Kind:
    """A kind of upload, by the models of the upload and of its rows.

    ``check`` reads and judges all rows and keeps them beside the upload; ``store`` stores the good ones within the
    caller's transaction, adds those that have become faulty since to the list it is given, and returns how many it
    stored. ``tell`` runs in the same transaction once all is stored.
    """

    model: type[WorkbookUpload]
    rows: type[WorkbookRow]
    may: Callable[[User], bool]
    check: Callable[[UploadLease, UploadKeeper], Tally]
    store: Callable[[UploadLease, UploadKeeper, list[Any]], int]
    tell: Callable[[Any], None] = lambda _upload: None

    def rows_of(self, upload: WorkbookUpload) -> models.QuerySet[Any]:
        """The rows of one upload. Each kind of row has its upload in a column of its own model."""
        rows: models.QuerySet[Any] = self.rows._default_manager.all()
        return rows.filter(upload=upload)
