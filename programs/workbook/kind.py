"""What a kind of uploaded workbook is about: whose it may be, how its rows are checked, what storing them does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from programs.models import WorkbookUpload
from programs.workbook.checking import Tally
from programs.workbook.leases import Lease, UploadKeeper


@dataclass(frozen=True)
class Kind:
    """A kind of upload, by the models of the upload and of its rows.

    ``check`` reads and judges all rows and keeps them beside the upload; ``store`` stores the good ones within the
    caller's transaction, adds those that have become faulty since to the list it is given, and returns how many it
    stored. ``tell`` runs in the same transaction once all is stored.
    """

    model: type[WorkbookUpload]
    rows: Any  # the model of WorkbookRow, each with its ``upload``
    may: Callable[[User], bool]
    check: Callable[[Lease, UploadKeeper], Tally]
    store: Callable[[Lease, UploadKeeper, list[Any]], int]
    tell: Callable[[Any], None] = lambda _upload: None
