"""Each version that was sent, kept whole with the hash of its canonical JSON."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from reporting.models import (
    ReportedFigure,
    SectionNarrative,
    Submission,
    SubmissionState,
    SubmissionVersion,
)
from reporting.services.submissions.checking import Said, key_of, said_in


def keep_version(submission: Submission, actor: User, said: Said | None = None) -> SubmissionVersion:
    """Keep what the submission says now, under the number ``submission.sent``. Within the caller's transaction.

    ``said``: what it says, with its statements, where the caller has read it in the same transaction.
    """
    said = said or said_in(submission, with_statements=True)
    made = version_of(submission, submission.sent, content_of(submission, said), actor)
    made.save(force_insert=True)
    return made


def version_of(submission: Submission, number: int, content: Any, by: User | None) -> SubmissionVersion:
    """The row of a version, not stored yet, as it was sent on the day the submission tells."""
    sent_at = submission.first_submitted_at if number == 1 else submission.submitted_at
    assert sent_at is not None
    return SubmissionVersion(
        submission=submission,
        number=number,
        content=content,
        sha256=sha256_of(content),
        submitted_by=by,
        submitted_at=sent_at,
    )


def sha256_of(content: Any) -> str:
    """The hash of a content's canonical JSON: keys in order, no blanks, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def content_of(submission: Submission, said: Said) -> dict[str, Any]:
    """The submission, with what it says, as a version keeps it; what it says was read with its statements."""
    assert said.statements is not None
    return content_with(
        submission,
        figures=said.figures.values(),
        texts=said.narratives,
        explanations=[
            {"rule": each.rule, "subject": each.subject, "text": each.text} for each in said.explanations
        ],
        statements={
            kind: [{"id": pk, "text": text} for pk, text in rows] for kind, rows in said.statements.items()
        },
        files=[{"name": each.name, "sha256": each.sha256, "size": each.size} for each in said.files],
    )


def content_with(
    submission: Submission,
    *,
    figures: Iterable[ReportedFigure],
    texts: Iterable[SectionNarrative],
    explanations: Sequence[Mapping[str, str]] = (),
    statements: Mapping[str, Any] | None = None,
    files: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """What a version keeps of a submission with these figures and texts. Asks the database nothing."""
    nil_at = submission.nil_confirmed_at
    return {
        "form": submission.obligation.form_id,
        "period": submission.obligation.period_code,
        "is_nil": submission.is_nil,
        "nil_confirmed_by": submission.nil_confirmed_by_id,
        "nil_confirmed_at": nil_at.isoformat() if nil_at else None,
        "figures": [
            {
                "key": key_of(row),
                "indicator": row.indicator_id,
                "figure": row.figure.as_json(),
                "source": str(row.source),
                "from_records": row.from_records,
                "note": row.note,
                "taken_from": row.taken_from,
                "stands": row.stands,
            }
            for row in figures
        ],
        "texts": [{"section": str(each.section), "text": each.text} for each in texts],
        "explanations": list(explanations),
        "statements": dict(statements or {}),
        "files": list(files),
    }


def keep_missing_versions() -> int:
    """Keep what was sent before versions were kept, as it says now. Returns how many submissions had none.

    For a database that comes from a release without versions; where nothing is missing, nothing is done.
    """
    kept = Exists(SubmissionVersion.objects.filter(submission=OuterRef("pk")))
    sent = Submission.objects.filter(~kept, submitted_at__isnull=False).exclude(state=SubmissionState.DRAFT)
    found = list(sent.select_related("obligation", "submitted_by").order_by("pk"))
    for submission in found:
        with transaction.atomic():
            submission.sent = submission.sent or 1
            submission.first_submitted_at = submission.first_submitted_at or submission.submitted_at
            submission.save(update_fields=["sent", "first_submitted_at"])
            content = content_of(submission, said_in(submission, with_statements=True))
            version = version_of(submission, submission.sent, content, submission.submitted_by)
            version.save(force_insert=True)
    return len(found)
