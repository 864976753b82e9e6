"""Dates and citations as Decree 30/2020 writes them."""

from __future__ import annotations

import datetime


def printed_day(day: datetime.date) -> str:
    """A date as Decree 30/2020 writes it: "ngày 05 tháng 02 năm 2020", "ngày 15 tháng 6 năm 2020".

    Days below 10 and the months January and February take a leading zero.
    """
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def citation(*, kind: str, number: str, day: datetime.date | None, issuer: str, subject: str) -> str:
    """The first citation of a document under Decree 30/2020: kind, number, date, issuer, subject."""
    parts = [kind]
    if number:
        parts.append(f"số {number}")
    if day is not None:
        parts.append(printed_day(day))
    if issuer:
        parts.append(f"của {issuer}")
    if subject:
        parts.append(subject)
    return " ".join(parts)
