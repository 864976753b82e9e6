"""Checks of `sanity_check`: facts agree with the records."""

from collections.abc import Iterator

from accounts.findings import Finding, Level
from reporting.rollup import check_facts


def facts_agree_with_records() -> Iterator[Finding]:
    for difference in check_facts():
        yield Finding(Level.ERROR, f"{difference}; run manage.py rebuild_facts", "reporting_fact")


CHECKS = [facts_agree_with_records]
