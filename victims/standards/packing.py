"""The file that is handed over: the rows as CSV and JSON, what was lost, and what to know, in one ZIP."""

import csv
import io
import json
import zipfile
from collections import Counter
from typing import Any

from django.conf import settings

from victims.standards.anonymity import Anonymous, K
from victims.standards.column import WITHHELD, Column

#: Every file in the archive has this time, so that the same records give the same bytes.
_SAME_TIME = (2026, 1, 1, 0, 0, 0)
#: Counts of people in statistics are rounded to it, as everywhere outside the own scope.
_BASE = 10

_README = """{title}

Records of the years {first_year} to {last_year}, {area}.
Made for: {recipient}
For the purpose: {purpose}
The recipient may use the file for this purpose alone, may not pass it on, and may not try to find out who anybody is.

Files
  {name}.csv    UTF-8, comma separated, the first line names the columns
  {name}.json   the same rows
  loss.json     what was left out and made coarser

How it was protected
  Every {noun} is alike with at least {others} others in all columns (k-anonymity, k = {k}): values were made
  coarser, in all rows the same way, and what was still rare was left out. "{withheld}" is a column that is withheld; an
  empty value is one that is not known or has no word in the standard. Several values are set apart by ";". The order
  of the rows is that of their values and tells nothing. No codes, names, days, addresses or texts are in any file.
  Consent: {consent}

What it does not protect from
  Where all who look alike share a value, whoever knows that a person is in the file learns it: "diversity" in loss.json
  tells for each such column the fewest different values among people who look alike.

Fields and values: docs/standards.md of the portal. Licence of the standard: {licence}.
"""


def as_rows(
    found: Anonymous, columns: tuple[Column, ...], *, is_counted: bool
) -> tuple[list[str], list[list[Any]]]:
    """The names of the columns and the rows. Counted rows are each there once, with how many people they stand for."""
    names = [column.name for column in columns]
    if not is_counted:
        return names, [list(row) for row in found.rows]
    counts = sorted(Counter(found.rows).items())
    return [*names, "victims"], [[*row, _rounded(count)] for row, count in counts]


def loss_of(found: Anonymous) -> dict[str, Any]:
    """What was lost, for people who may know the true numbers."""
    return {
        "k": K,
        "considered": found.considered,
        "published": len(found.rows),
        "left_out": found.left_out,
        "columns": [
            {
                "name": each.name,
                "step": each.step,
                "changed": each.changed,
                "diversity": found.diversity.get(each.name),
            }
            for each in found.columns
        ],
    }


def loss_for_recipient(loss: dict[str, Any]) -> dict[str, Any]:
    """The same for a stranger: numbers of people rounded, so that none tells how many were left out for being rare."""
    told = {name: _rounded(loss[name]) for name in ("considered", "published", "left_out")}
    columns = [{**each, "changed": _rounded(each["changed"])} for each in loss["columns"]]
    return {**loss, **told, "columns": columns, "rounded_to": _BASE}


def packed(
    name: str, header: list[str], rows: list[list[Any]], loss: dict[str, Any], about: dict[str, Any]
) -> bytes:
    """The ZIP. ``about`` fills the README."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    readme = _README.format(
        name=name,
        k=K,
        others=K - 1,
        withheld=WITHHELD,
        noun="row" if "victims" not in header else "counted person",
        licence=f"CC BY 4.0; of the figures: {settings.OPEN_DATA_LICENCE}",
        **about,
    )
    contents = {
        f"{name}.csv": table.getvalue(),
        f"{name}.json": _json([dict(zip(header, row, strict=True)) for row in rows]),
        "loss.json": _json(loss_for_recipient(loss)),
        "README.txt": readme,
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for each, text in contents.items():
            file.writestr(zipfile.ZipInfo(each, _SAME_TIME), text, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def _json(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _rounded(count: int) -> int:
    return (count + _BASE // 2) // _BASE * _BASE
