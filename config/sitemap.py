"""Every page a reader may open, grouped as in the menu and told from it.

``tests/test_sitemap.py`` fails for a page without parameters that is neither here nor among the pages that are no
place to go to.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.scoping import Scope, scope_of
from config.shell import Entry, everybodys_entries, menu_entries


@dataclass(frozen=True)
class Page:
    """A page with the pages below it."""

    url: str
    label: str
    below: list["Page"]


@dataclass(frozen=True)
class Group:
    label: str
    pages: list[Page]


#: Pages below an entry of the menu: the name of the view, its label, and the verbs of which any one opens it.
_BELOW: dict[str, list[tuple[str, object, tuple[str, ...]]]] = {
    "home": [
        ("notifications", gettext_lazy("Notices"), ()),
        ("notice_choices", gettext_lazy("Notice settings"), ()),
        ("account", gettext_lazy("My account"), ()),
        ("own_data", gettext_lazy("My data"), ()),
        ("mfa_index", gettext_lazy("Second factor"), ()),
        ("search", gettext_lazy("Search"), ()),
        ("own_reads", gettext_lazy("What was seen"), ("victim.read",)),
        ("account_change_password", gettext_lazy("Change Password"), ()),
        ("feedback_new", gettext_lazy("Feedback"), ()),
    ],
    "dashboard": [
        ("compare", gettext_lazy("Compare"), ("document.read", "document.read_all", "report.read")),
        ("figure_detail", gettext_lazy("Figures"), ("document.read", "document.read_all", "report.read")),
        ("question_list", gettext_lazy("Questions to units"), ("question.ask", "question.answer")),
        ("question_new", gettext_lazy("Ask a unit"), ("question.ask",)),
    ],
    "activity_list": [
        ("activity_new", gettext_lazy("File an activity"), ("activity.write",)),
        ("upload_new", gettext_lazy("Upload from Excel"), ("activity.write",)),
        ("activity_queue", gettext_lazy("Waiting for my approval"), ("activity.approve",)),
    ],
    "document_list": [
        ("document_new", gettext_lazy("New document"), ("document.write", "document.write_all"))
    ],
    "pilot_list": [("pilot_new", gettext_lazy("New pilot"), ("document.write", "document.write_all"))],
    "model_list": [("model_new", gettext_lazy("New model"), ("model.write", "model.write_all"))],
    "statement_list": [
        (
            "statement_period",
            gettext_lazy("Difficulties, recommendations, directions"),
            ("statement.read", "statement.read_all"),
        )
    ],
    "tip_list": [("tip_new", gettext_lazy("New tip"), ("tip.write",))],
    "case_list": [
        ("case_new", gettext_lazy("New case"), ("case.write",)),
        ("incident_pipeline", gettext_lazy("From tip to verdict"), ("tip.read",)),
        ("wanted_list", gettext_lazy("Wanted persons"), ("tip.read",)),
        ("campaign_list", gettext_lazy("Campaigns"), ("tip.read",)),
        ("campaign_new", gettext_lazy("New campaign"), ("tip.write",)),
    ],
    "case_export_list": [("case_export_new", gettext_lazy("New export"), ("case_export.ask",))],
    "people": [
        ("person_new", gettext_lazy("New person"), ("people.manage",)),
        ("people_upload_new", gettext_lazy("People from Excel"), ("people.manage",)),
    ],
    "agency_list": [
        ("agency_new", gettext_lazy("New agency"), ("agency.manage",)),
        ("agencies_upload_new", gettext_lazy("Agencies from Excel"), ("agency.manage",)),
    ],
    "audit_list": [("record_seen", gettext_lazy("Who saw a record"), ("audit.read",))],
    "victim_list": [
        ("victim_new", gettext_lazy("New file"), ("victim.write",)),
        ("victim_caseload", gettext_lazy("My caseload"), ("victim.write",)),
        ("victim_search", gettext_lazy("Search for a person"), ("identity.open",)),
        ("transfer_list", gettext_lazy("Transfers"), ("victim.read",)),
        ("facility_list", gettext_lazy("Facilities"), ("victim.read",)),
        ("facility_new", gettext_lazy("New facility"), ("victim.write",)),
        ("data_request_list", gettext_lazy("Requests about own data"), ("victim.read",)),
        ("data_request_new", gettext_lazy("New request"), ("victim.write",)),
    ],
    "obligation_list": [
        ("obligation_heatmap", gettext_lazy("Who reported when"), ("obligation.read", "obligation.read_all")),
        ("consolidation", gettext_lazy("Consolidation"), ("obligation.read", "obligation.read_all")),
        ("period_open", gettext_lazy("Open a period"), ("obligation.manage",)),
    ],
    "past_periods": [
        (
            "past_upload_new",
            gettext_lazy("Past figures from Excel"),
            ("submission.write", "submission.write_past"),
        )
    ],
    "report_list": [
        ("report_new", gettext_lazy("Make a report"), ("report.make",)),
        ("draft_list", gettext_lazy("Drafts of reports"), ("report.read",)),
        ("draft_new", gettext_lazy("Start a draft"), ("report.make",)),
        ("report_batch_new", gettext_lazy("Make many reports at once"), ("report.make",)),
        ("report_schedules", gettext_lazy("Scheduled reports"), ("report.make",)),
    ],
    "indicator_list": [("indicator_new", gettext_lazy("New indicator"), ("indicator.manage",))],
    "form_list": [("form_new", gettext_lazy("New form"), ("form.manage",))],
    "limit_rules": [("limit_rule_new", gettext_lazy("New limit"), ("list.write",))],
    "special_days": [("special_day_new", gettext_lazy("New day"), ("list.write",))],
    "api_keys": [("api_key_new", gettext_lazy("New key"), ("key.manage",))],
}


def sitemap_of(user: User) -> list[Group]:
    """What the person may open. No query besides the scope's."""
    scope = scope_of(user)
    menu, administration = menu_entries(scope)
    everybodys = [
        *everybodys_entries(is_signed_in=True),
        (reverse("verify_home"), _("Is a report genuine?"), True),
        (reverse("api-docs"), _("Description of the API"), True),
        (reverse("style_page"), _("How the portal looks"), True),
    ]
    groups = [
        Group(_("Main menu"), _pages(menu, scope)),
        Group(_("Administration"), _pages(administration, scope)),
        Group(_("For everybody"), _pages(everybodys, scope)),
    ]
    return [group for group in groups if group.pages]


def _pages(entries: list[Entry], scope: Scope) -> list[Page]:
    below = {reverse(name): pages for name, pages in _BELOW.items()}
    return [
        Page(
            url,
            label,
            [
                Page(reverse(name), str(its_label), [])
                for name, its_label, verbs in below.get(url, [])
                if not verbs or any(map(scope.may, verbs))
            ],
        )
        for url, label, is_allowed in entries
        if is_allowed
    ]
