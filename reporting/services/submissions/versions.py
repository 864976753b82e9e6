"""Each version that was sent, kept whole with the hash of its canonical JSON."""

import hashlib
import json
from typing import Any

from accounts.models import User
from programs.models import STATEMENTS
from reporting.models import Submission, SubmissionVersion
from reporting.services.submissions.checking import figures_of


def keep_version(submission: Submission, actor: User) -> SubmissionVersion:
    """Keep what the submission says now, under the number ``submission.sent``. Within the caller's transaction."""
    content = content_of(submission)
    assert submission.submitted_at is not None
    return SubmissionVersion.objects.create(
        submission=submission,
        number=submission.sent,
        content=content,
        sha256=sha256_of(content),
        submitted_by=actor,
        submitted_at=submission.submitted_at,
    )


def sha256_of(content: Any) -> str:
    """The hash of a content's canonical JSON: keys in order, no blanks, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def content_of(submission: Submission) -> dict[str, Any]:
    """The submission as a version keeps it."""
    nil_at = submission.nil_confirmed_at
    return {
        "form": submission.obligation.form_id,
        "period": submission.obligation.period_code,
        "is_nil": submission.is_nil,
        "nil_confirmed_by": submission.nil_confirmed_by_id,
        "nil_confirmed_at": nil_at.isoformat() if nil_at else None,
        "figures": [
            {
                "key": key,
                "indicator": row.indicator_id,
                "figure": row.figure.as_json(),
                "source": row.source,
                "from_records": row.from_records,
                "note": row.note,
                "stands": row.stands,
            }
            for key, row in figures_of(submission).items()
        ],
        "texts": [{"section": each.section, "text": each.text} for each in submission.narratives.all()],
        "explanations": [
            {"rule": each.rule, "subject": each.subject, "text": each.text}
            for each in submission.explanations.order_by("rule", "subject")
        ],
        "statements": {kind: _stated(model, submission) for kind, model in STATEMENTS.items()},
        "files": [
            {"name": each.name, "sha256": each.sha256, "size": each.size} for each in submission.files.all()
        ],
    }


def _stated(model: Any, submission: Submission) -> list[dict[str, Any]]:
    of = submission.obligation
    rows = model.objects.unscoped("a version holds all that the unit states").filter(
        agency=of.agency_id, area=of.area_id, period_start=of.period_start, period_end=of.period_end
    )
    return [{"id": row.pk, "text": row.text} for row in rows]
