"""Notices to a person: what is due, late, or waits for an answer. No personal data of anybody is inside."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models.user import MOST_UNREAD, User


class Notice(models.TextChoices):
    TASK_GIVEN = "task_given", gettext_lazy("a task was given to your unit")
    TASK_DUE = "task_due", gettext_lazy("a task is due soon")
    TASK_LATE = "task_late", gettext_lazy("a task is late")
    ACTIVITY_SUBMITTED = "activity_submitted", gettext_lazy("an activity waits for approval")
    ACTIVITY_APPROVED = "activity_approved", gettext_lazy("an activity was approved")
    ACTIVITY_RETURNED = "activity_returned", gettext_lazy("an activity was returned")
    UPLOAD_SUBMITTED = "upload_submitted", gettext_lazy("uploaded activities wait for approval")
    SUBMISSION_SENT = "submission_sent", gettext_lazy("a report waits for acceptance")
    SUBMISSION_RETURNED = "submission_returned", gettext_lazy("a report of your unit was returned")
    SUBMISSION_ACCEPTED = "submission_accepted", gettext_lazy("a report of your unit was accepted")
    QUESTION_ASKED = "question_asked", gettext_lazy("a question was sent to your unit")
    QUESTION_ANSWERED = "question_answered", gettext_lazy("your question was answered")
    MENTIONED = "mentioned", gettext_lazy("somebody mentioned you")
    COMMENTED = "commented", gettext_lazy("somebody commented")
    RECOMMENDED = "recommended", gettext_lazy("a recommendation was sent to your unit")
    RECOMMENDATION_MOVED = "recommendation_moved", gettext_lazy("your recommendation was answered")
    TIP_DUE = "tip_due", gettext_lazy("the time limit of a tip is near")
    TIP_LATE = "tip_late", gettext_lazy("the time limit of a tip has passed")
    CASE_DUE = "case_due", gettext_lazy("the time limit of an investigation is near")
    CASE_LATE = "case_late", gettext_lazy("the time limit of an investigation has passed")
    REPORT_TO_REVIEW = "report_to_review", gettext_lazy("a report waits for your review or signature")
    REPORT_SENT_BACK = "report_sent_back", gettext_lazy("a report was sent back")
    REPORT_READY = "report_ready", gettext_lazy("a report is ready")
    REPORT_FAILED = "report_failed", gettext_lazy("a report could not be made")
    REPORT_ISSUED = "report_issued", gettext_lazy("a report was issued")
    REPORT_DRIFTED = "report_drifted", gettext_lazy("figures of an issued report have changed")
    IDENTITY_OPENED = "identity_opened", gettext_lazy("an identity was opened")
    IDENTITY_OPENED_BELOW = (
        "identity_opened_bl",
        gettext_lazy("an identity was opened in a unit without a head"),
    )
    FOLLOW_UP_DUE = "follow_up_due", gettext_lazy("a follow-up is due")
    CLOSURE_ASKED = "closure_asked", gettext_lazy("a closure waits for approval")
    TRANSFER_ASKED = "transfer_asked", gettext_lazy("a transfer was asked for")
    TRANSFER_URGENT = "transfer_urgent", gettext_lazy("a transfer was asked for without a consent")
    TRANSFER_ANSWERED = "transfer_answered", gettext_lazy("a transfer was answered")
    DATA_REQUEST_DUE = "data_request_due", gettext_lazy("a request about own data is due")
    ROLE_ASKED = "role_asked", gettext_lazy("a role waits for your agreement")
    ROLE_DECIDED = "role_decided", gettext_lazy("a role you asked for was decided")
    ROLE_GIVEN = "role_given", gettext_lazy("you were given a role")
    CASE_EXPORT_ASKED = "case_export_asked", gettext_lazy("an export of case data waits for your approval")
    CASE_EXPORT_REFUSED = "case_export_refused", gettext_lazy("your export of case data was refused")
    CASE_EXPORT_READY = "case_export_ready", gettext_lazy("your export of case data is ready")
    CASE_EXPORT_FAILED = "case_export_failed", gettext_lazy("your export of case data could not be made")
    REPORT_DUE = "report_due", gettext_lazy("a report is due soon")
    REPORT_LATE = "report_late", gettext_lazy("a report is late")
    REPORTS_LATE = "reports_late", gettext_lazy("units in your area are late")
    REPORT_ASKED = "report_asked", gettext_lazy("the coordinator asks for a report")
    DRAFT_ENDS = "draft_ends", gettext_lazy("something you typed and did not send is removed soon")
    FEEDBACK_GIVEN = "feedback_given", gettext_lazy("somebody gave feedback about the portal")
    FEEDBACK_ANSWERED = "feedback_answered", gettext_lazy("your feedback was answered")
    NEW_DEVICE = "new_device", gettext_lazy("somebody signed in on a new device")
    PASSWORD_CHANGED = "password_changed", gettext_lazy("your password was changed")
    FACTOR_CHANGED = "factor_changed", gettext_lazy("your second factor was changed")
    CODE_REFUSED = "code_refused", gettext_lazy("somebody knew your password, but not your code")
    RESET_ASKED = "reset_asked", gettext_lazy("a second factor is to be reset")
    FACTOR_RESET = "factor_reset", gettext_lazy("your second factor was reset")
    CHECKS_FAILED = "checks_failed", gettext_lazy("the nightly checks found errors")
    WEBHOOK_FAILED = "webhook_failed", gettext_lazy("a webhook could not be delivered")


class Way(models.TextChoices):
    """How a notice reaches a person. All but the last show it in the page, too."""

    PAGE = "page", gettext_lazy("in the page only")
    AT_ONCE = "at_once", gettext_lazy("also by e-mail, at once")
    DIGEST = "digest", gettext_lazy("also in the e-mail digest")
    OFF = "off", gettext_lazy("not at all")


#: Kinds that guard other people's data. Nobody can do without them: they come by e-mail as well as in the page.
ALWAYS_TOLD = frozenset(
    {
        *(Notice.IDENTITY_OPENED, Notice.IDENTITY_OPENED_BELOW, Notice.TRANSFER_URGENT),
        *(Notice.NEW_DEVICE, Notice.PASSWORD_CHANGED, Notice.FACTOR_CHANGED, Notice.CODE_REFUSED),
        *(Notice.RESET_ASKED, Notice.FACTOR_RESET),
    }
)
#: Kinds that are mailed at once unless their reader chooses the digest: somebody may be at the account right now.
_AT_ONCE = frozenset(
    {
        *(Notice.NEW_DEVICE, Notice.PASSWORD_CHANGED, Notice.FACTOR_CHANGED, Notice.CODE_REFUSED),
        *(Notice.RESET_ASKED, Notice.FACTOR_RESET),
    }
)


def usual_way(kind: str) -> Way:
    """How a kind of notice comes to who chose nothing."""
    return Way.AT_ONCE if kind in _AT_ONCE else Way.DIGEST


#: What a comment can be about, as its notice says it. The number follows.
_COMMENTED_RECORDS = {
    "document": gettext_lazy("document"),
    "task": gettext_lazy("task"),
    "assignment": gettext_lazy("task"),
    "activity": gettext_lazy("activity no."),
    "pilot": gettext_lazy("pilot no."),
}


def thing_at(url: str) -> str:
    """The address without what stands after it, where it names one record; "" for a list, or what is not ours."""
    path = url.partition("#")[0].partition("?")[0]
    try:
        return path if resolve(path).kwargs else ""
    except Resolver404:
        return ""


class Notification(models.Model):
    """One notice. ``key`` keeps the same notice from being given twice; ``about`` fills its sentence.

    ``way`` is how the person wanted this kind when it was given; what was muted meanwhile is no longer mailed.
    """

    #: What a sentence may be filled with: numbers, days, units, names of papers. Never who somebody is.
    BLANKS = ("number", "document", "unit", "day", "code", "record")

    user = models.ForeignKey(
        User, models.CASCADE, related_name="notifications", verbose_name=gettext_lazy("person")
    )
    kind = models.CharField(gettext_lazy("kind"), max_length=20, choices=Notice.choices)
    key = models.CharField(max_length=80)
    url = models.CharField(max_length=200)
    about: Any = models.JSONField(default=dict)
    created_at = models.DateTimeField(gettext_lazy("when"), auto_now_add=True)
    way = models.CharField(gettext_lazy("way"), max_length=8, choices=Way.choices, default=Way.DIGEST)
    read_at = models.DateTimeField(gettext_lazy("read"), null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = gettext_lazy("notification")
        verbose_name_plural = gettext_lazy("notifications")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_user"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notification_unread"),
        ]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="accounts_notification_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def thing(self) -> str:
        """The address of the record that the notice is about; "" where it is about a list."""
        return thing_at(self.url)

    @property
    def may_be_muted(self) -> bool:
        return self.kind not in ALWAYS_TOLD

    @property
    def sentence(self) -> str:
        """The notice in the reader's language."""
        sentences = {
            Notice.TASK_GIVEN: _("Task %(number)s of %(document)s was given to %(unit)s."),
            Notice.TASK_DUE: _("Task %(number)s of %(document)s is due on %(day)s (%(unit)s)."),
            Notice.TASK_LATE: _("Task %(number)s of %(document)s was due on %(day)s (%(unit)s)."),
            Notice.ACTIVITY_SUBMITTED: _(
                "Activity no. %(number)s of %(day)s waits for your approval (%(unit)s)."
            ),
            Notice.ACTIVITY_APPROVED: _("Your activity no. %(number)s of %(day)s was approved (%(unit)s)."),
            Notice.ACTIVITY_RETURNED: _(
                "Your activity no. %(number)s of %(day)s was returned to you with a reason (%(unit)s)."
            ),
            Notice.UPLOAD_SUBMITTED: _("%(number)s uploaded activities wait for your approval (%(unit)s)."),
            Notice.SUBMISSION_SENT: _("%(unit)s submitted “%(document)s”; it waits for your acceptance."),
            Notice.SUBMISSION_RETURNED: _("“%(document)s” of %(unit)s was returned with a reason."),
            Notice.SUBMISSION_ACCEPTED: _("“%(document)s” of %(unit)s was accepted."),
            Notice.QUESTION_ASKED: _("A question to %(unit)s waits for an answer until %(day)s."),
            Notice.QUESTION_ANSWERED: _("%(unit)s answered your question."),
            Notice.MENTIONED: _("You were mentioned in a comment on %(record)s %(number)s."),
            Notice.COMMENTED: _("There is a new comment on %(record)s %(number)s."),
            Notice.RECOMMENDED: _("%(unit)s sent your unit a recommendation (%(day)s)."),
            Notice.RECOMMENDATION_MOVED: _("%(unit)s answered a recommendation of your unit (%(day)s)."),
            Notice.TIP_DUE: _("Tip %(number)s must be resolved by %(day)s."),
            Notice.TIP_LATE: _("Tip %(number)s was to be resolved by %(day)s."),
            Notice.CASE_DUE: _("The investigation of case %(number)s must end by %(day)s."),
            Notice.CASE_LATE: _("The investigation of case %(number)s was to end by %(day)s."),
            Notice.REPORT_TO_REVIEW: _("%(record)s waits for your review or signature."),
            Notice.REPORT_SENT_BACK: _("%(record)s was sent back with a reason."),
            Notice.REPORT_READY: _("%(record)s is ready."),
            Notice.REPORT_FAILED: _("%(record)s could not be made."),
            Notice.REPORT_ISSUED: _("%(record)s was issued under number %(number)s."),
            Notice.REPORT_DRIFTED: _("%(number)s figures of %(record)s have changed since it was issued."),
            Notice.IDENTITY_OPENED: _("The identity of %(code)s was opened."),
            Notice.IDENTITY_OPENED_BELOW: _("An identity was opened at %(unit)s, which has no head of unit."),
            Notice.FOLLOW_UP_DUE: _("A follow-up of %(code)s is due on %(day)s."),
            Notice.CLOSURE_ASKED: _("The closure of the support of %(code)s waits for your approval."),
            Notice.TRANSFER_ASKED: _("%(unit)s asks your unit to take over %(code)s."),
            Notice.TRANSFER_URGENT: _("A transfer of %(code)s was asked for without a consent, as urgent."),
            Notice.TRANSFER_ANSWERED: _("%(unit)s answered your transfer of %(code)s."),
            Notice.ROLE_ASKED: _("A role at %(unit)s waits for your agreement."),
            Notice.ROLE_DECIDED: _("The role at %(unit)s you asked for was decided."),
            Notice.ROLE_GIVEN: _("You were given a role at %(unit)s."),
            Notice.CASE_EXPORT_ASKED: _("An export of case data of %(unit)s waits for your approval."),
            Notice.CASE_EXPORT_REFUSED: _("Your export of case data of %(unit)s was refused with a reason."),
            Notice.CASE_EXPORT_READY: _("Your export of case data of %(unit)s is ready until %(day)s."),
            Notice.CASE_EXPORT_FAILED: _("Your export of case data of %(unit)s could not be made."),
            Notice.REPORT_DUE: _("%(document)s, %(number)s, is due on %(day)s (%(unit)s)."),
            Notice.REPORT_LATE: _("%(document)s, %(number)s, was due on %(day)s (%(unit)s)."),
            Notice.REPORTS_LATE: _("%(number)s reports of units in your area are late."),
            Notice.REPORT_ASKED: _(
                "The coordinator asks for %(document)s, %(number)s, due on %(day)s (%(unit)s)."
            ),
            Notice.FEEDBACK_GIVEN: _("Feedback about the portal waits for an answer."),
            Notice.FEEDBACK_ANSWERED: _("Your feedback of %(day)s was answered."),
            Notice.CHECKS_FAILED: _("The nightly checks found %(number)s errors."),
            Notice.WEBHOOK_FAILED: _("A message for the webhook of %(unit)s could not be delivered."),
            Notice.DATA_REQUEST_DUE: _("A request of a person about their own data is due on %(day)s."),
            Notice.DRAFT_ENDS: _(
                "Drafts that you have not touched are removed on %(day)s (%(number)s). Send, save or discard them."
            ),
            Notice.NEW_DEVICE: _(
                "Your account was used to sign in on a device not seen before (%(day)s). If that was not you, end the"
                " session and change your password."
            ),
            Notice.PASSWORD_CHANGED: _(
                "The password of your account was changed (%(day)s). If that was not you, tell your administrator."
            ),
            Notice.FACTOR_CHANGED: _(
                "The second factor of your account was changed (%(day)s). If that was not you, tell your"
                " administrator."
            ),
            Notice.CODE_REFUSED: _(
                "Somebody typed your password and then a wrong code (%(day)s). If that was not you, change your"
                " password."
            ),
            Notice.RESET_ASKED: _("The reset of a second factor waits for your agreement."),
            Notice.FACTOR_RESET: _(
                "Two administrators took your second factor away (%(day)s). Set up a new one when you sign in."
            ),
        }
        about = {**dict.fromkeys(self.BLANKS, ""), **self.about}
        about["record"] = _COMMENTED_RECORDS.get(about["record"], about["record"])
        return sentences[Notice(self.kind)] % about


def unread_number(user: Any) -> models.Func:
    """The expression of how many notices a person, by key, has not read; see ``User.unread_notices``."""
    unread = Notification.objects.filter(user=user, read_at=None).order_by().values("pk")[:MOST_UNREAD]
    return models.Func(ArraySubquery(unread), function="cardinality", output_field=models.IntegerField())
