"""A report that is owed, and a unit's draft of it."""

import pytest

from reporting.models import Obligation, Submission
from reporting.services.submissions.opening import open_submission
from tests.cast import Cast
from tests.reporting.records import obligation


@pytest.fixture
def owed(cast: Cast) -> Obligation:
    """What the police of Bát Xát owe."""
    return obligation(cast.agencies.bat_xat_police, cast.map.bat_xat)


@pytest.fixture
def draft(owed: Obligation, cast: Cast) -> Submission:
    return open_submission(obligation=owed, actor=cast.people.filing_officer)
