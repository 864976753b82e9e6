"""For how long the portal keeps what serves the work and is no record, in words: the pages that tell it read this."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.api.repeats import KNOWN_FOR
from accounts.forgetting import CHECKS_KEPT_FOR, KEY_USE_KEPT_FOR
from accounts.models.draft import WARNED_AHEAD
from accounts.outbox import KEPT_FOR as EVENTS_KEPT_FOR
from reporting.statistics.stamps import FORGOTTEN_AFTER_DAYS
from victims.models.export import KEPT_FOR as EXPORTS_KEPT_FOR


@dataclass(frozen=True)
class Kept:
    """What is removed by itself, and when."""

    what: str
    until: str


def kept_for_a_while() -> list[Kept]:
    """What a nightly job removes, and after how long."""
    return [
        Kept(
            _("Drafts of forms that nobody touches"),
            _("%(days)s, and not before their person was told %(ahead)s ahead")
            % {"days": in_days(settings.DRAFT_KEEP_DAYS), "ahead": in_days(WARNED_AHEAD.days)},
        ),
        Kept(
            _("Notices"),
            _("%(days)s after they were read, or twice as long where nobody read them")
            % {"days": in_days(settings.NOTICE_KEEP_DAYS)},
        ),
        Kept(
            _("Reports that were made and never signed"),
            _("%(days)s, while no draft at work names them") % {"days": in_days(settings.REPORT_KEEP_DAYS)},
        ),
        Kept(_("Sessions, with address and browser"), _("the night after they end")),
        Kept(_("Who has a submission open"), _("the night after")),
        Kept(_("Uploaded workbooks and their rows"), in_days(settings.UPLOAD_KEEP_DAYS)),
        Kept(_("Files of exports of case data"), in_days(EXPORTS_KEPT_FOR.days)),
        Kept(_("Answers to requests of the API, against sending twice"), in_days(KNOWN_FOR.days)),
        Kept(_("Events for webhooks and messages about them"), in_days(EVENTS_KEPT_FOR.days)),
        Kept(_("How often a key of the API was used"), in_days(KEY_USE_KEPT_FOR.days)),
        Kept(_("What the nightly checks found"), in_days(CHECKS_KEPT_FOR.days)),
        Kept(_("Figures kept for quick answers"), in_days(FORGOTTEN_AFTER_DAYS)),
        Kept(_("Tries at passwords and codes"), _("the night after they count no more")),
    ]


def in_days(days: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
