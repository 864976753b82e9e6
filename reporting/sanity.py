"""Checks of `sanity_check`: facts agree with the records."""

from collections.abc import Iterator

from accounts.findings import Finding, Level
from reporting.rollup import check_facts
from reporting.verification import check_all


def facts_agree_with_records() -> Iterator[Finding]:
    for difference in check_facts():
        yield Finding(Level.ERROR, f"{difference}; run manage.py rebuild_facts", "reporting_fact")


def issued_reports_are_whole() -> Iterator[Finding]:
    for report, fault in check_all():
        yield Finding(
            Level.ERROR, f"report {report.number}/{report.symbol}: {fault}", f"reporting.report:{report.pk}"
        )


CHECKS = [facts_agree_with_records, issued_reports_are_whole]
