"""The permission matrix of every area of the portal, row by row, as ``tests/test_permissions.py`` plays it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.agency_rows import AGENCIES
from tests.case_part_rows import CASE_PARTS
from tests.comment_rows import COMMENTS
from tests.directory_upload_rows import DIRECTORY_UPLOADS
from tests.factor_rows import FACTORS
from tests.figure_permission_rows import FIGURES
from tests.file_rows import FILES
from tests.incident_permission_rows import INCIDENTS
from tests.key_rows import KEYS
from tests.people_rows import PEOPLE
from tests.permission_rows import ROLES, TABLES
from tests.portal_page_rows import PORTAL_PAGES
from tests.programme_api_rows import PROGRAMME_API
from tests.reader_rows import READERS
from tests.record_api_rows import RECORDS_API
from tests.register_api_rows import REGISTER_API
from tests.reporting.dashboard_permission_rows import DASHBOARDS
from tests.reporting.draft_permission_rows import DRAFTS
from tests.reporting.explore_permission_rows import EXPLORE
from tests.reporting.issue_permission_rows import ISSUE
from tests.reporting.obligation_permission_rows import OBLIGATIONS
from tests.reporting.past_upload_rows import PAST_UPLOADS
from tests.reporting.submission_permission_rows import SUBMISSIONS
from tests.reporting.template_permission_rows import TEMPLATES
from tests.statistics_api_rows import STATISTICS_API
from tests.upload_rows import UPLOADS
from tests.victim_part_rows import VICTIM_PARTS
from tests.victims.export_rows import EXPORTS
from tests.victims.permission_rows import VICTIMS


@dataclass(frozen=True)
class Row:
    method: str
    name: str
    about: str
    answers: tuple[str, ...]


def _rows() -> Iterator[Row]:
    for line in (
        line
        for table in (
            *TABLES,
            COMMENTS,
            UPLOADS,
            PAST_UPLOADS,
            INCIDENTS,
            VICTIMS,
            EXPORTS,
            PROGRAMME_API,
            FIGURES,
            SUBMISSIONS,
            OBLIGATIONS,
            ISSUE,
            DRAFTS,
            TEMPLATES,
            READERS,
            DASHBOARDS,
            EXPLORE,
            STATISTICS_API,
            RECORDS_API,
            CASE_PARTS,
            VICTIM_PARTS,
            KEYS,
            PEOPLE,
            AGENCIES,
            DIRECTORY_UPLOADS,
            FACTORS,
            FILES,
            REGISTER_API,
            PORTAL_PAGES,
        )
        for line in table.strip().splitlines()[1:]
    ):
        if line.strip():
            method, name, about, *answers = line.split()
            assert len(answers) == len(ROLES), line
            yield Row(method, name, about, tuple(answers))


ROWS = list(_rows())
