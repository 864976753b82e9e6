"""Reminders of the day: follow-ups to the case worker, people's requests about their data to the unit."""

import datetime as dt

from accounts.row_scope import system_scope
from victims.models import DataRequest, FollowUp
from victims.notices import tell_of_data_request, tell_of_follow_up


def remind_of_the_day(today: dt.date) -> int:
    """Give the reminders of a day; a second time gives nobody a second notice."""
    given = 0
    with system_scope("reminders go to every unit"):
        follow_ups = FollowUp.objects.open().filter(due_on__lte=today + dt.timedelta(days=1))
        for follow_up in follow_ups.select_related(
            "victim__support__worker", "victim__agency", "victim__area"
        ):
            given += tell_of_follow_up(follow_up, follow_up.victim.support.worker)
        requests = DataRequest.objects.unscoped("reminders go to every unit").filter(
            state=DataRequest.State.OPEN, due_on__lte=today + dt.timedelta(days=1)
        )
        for request in requests.select_related("agency", "area"):
            given += tell_of_data_request(request)
    return given
