"""Reading what the rules of validation judge."""

from collections.abc import Mapping

from reporting.models import ReportedFigure, Submission, ValidationRule
from reporting.services.submissions.asked import asked_by, sections_of
from reporting.services.submissions.nil import name_of
from reporting.services.validation import Finding, Sheet, check
from reporting.submission_rights import same_period_before
from territory.figure import Figure


def figures_of(submission: Submission | None) -> dict[str, ReportedFigure]:
    """The rows of figures by "code" or "code/part". One query."""
    if submission is None:
        return {}
    rows = submission.figures.select_related("indicator", "decided_by").order_by("indicator__order", "part")
    return {key_of(row): row for row in rows}


def key_of(row: ReportedFigure) -> str:
    """The name of a figure in forms, findings and workbooks: "code" or "code/part"."""
    return f"{row.indicator.code}/{row.part}" if row.part else row.indicator.code


def findings_of(submission: Submission, rows: Mapping[str, ReportedFigure] | None = None) -> list[Finding]:
    """What the active rules find in a submission, with the unit's explanations. A fixed number of queries."""
    obligation = submission.obligation
    asked = asked_by(obligation.form, obligation)
    sections = sections_of(obligation.form, asked)
    names = {each.code: name_of(each.indicator) for each in asked}
    names |= {f"{each.code}/{part}": str(name) for each in asked for part, name in each.parts.items()}
    held = figures_of(submission) if rows is None else rows
    before: dict[str, Figure] = {
        key: row.figure for key, row in figures_of(same_period_before(obligation)).items()
    }
    sheet = Sheet(
        figures={key: row.figure for key, row in held.items()},
        before=before,
        texts={each.section: each.text for each in submission.narratives.all()},
        names=names,
        sections={each.section: each.title for each in sections},
        needed=frozenset(each.section for each in sections if each.needs_text),
        is_nil=submission.is_nil,
    )
    explained = {(each.rule, each.subject): each.text for each in submission.explanations.all()}
    return check(ValidationRule.objects.filter(is_active=True), sheet, explained)
