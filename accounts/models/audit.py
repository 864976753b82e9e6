"""The trail of what people did that is not a change of a record: sign-ins, refusals, exports, reports."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.origin import current_address


class AuditEvent(models.Model):
    """One thing done or refused. Rows are only ever added; the database refuses to change or remove them.

    ``about`` names the record ("programs.activity:12"); ``detail`` never holds personal data.
    """

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", _("signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("sign-in failed")
        SIGNED_OUT = "signed_out", _("signed out")
        SESSION_ENDED = "session_ended", _("session ended")
        CONFIRMED = "confirmed", _("confirmed who they are")
        CODE_REFUSED = "code_refused", _("second factor refused")
        PASSWORD_CHANGED = "password_changed", _("password changed")
        FACTOR_ADDED = "factor_added", _("second factor added")
        FACTOR_REMOVED = "factor_removed", _("second factor removed")
        CODES_MADE = "codes_made", _("recovery codes made")
        CODE_SPENT = "code_spent", _("recovery code used")
        RESET_ASKED = "factor_reset_asked", _("reset of a second factor asked for")
        RESET_AGREED = "factor_reset", _("second factor reset")
        RESET_REFUSED = "factor_reset_refused", _("reset of a second factor not agreed")
        REFUSED = "refused", _("refused")
        EXPORTED = "exported", _("exported")
        UPLOADED = "uploaded", _("uploaded")
        REPORT_DRAFTED = "report_drafted", _("report worked on")
        REPORT_ASKED = "report_asked", _("report asked for")
        REPORT_READ = "report_read", _("report downloaded")
        SUBMISSION_SENT = "submission_sent", _("submission sent")
        SUBMISSION_RETURNED = "submission_returned", _("submission returned")
        SUBMISSION_ACCEPTED = "submission_accepted", _("submission accepted")
        SUBMISSION_WITHDRAWN = "submission_withdrawn", _("submission withdrawn")
        REPORT_STEP = "report_step", _("step of a report's approval")
        REPORT_ISSUED = "report_issued", _("report issued")
        REPORT_CANCELLED = "report_cancelled", _("report cancelled")
        IDENTITY_SEARCHED = "identity_searched", _("searched for a person")
        PERIOD_OPENED = "period_opened", _("period opened")
        DUE_EXTENDED = "due_extended", _("due date extended")
        UNIT_EXCUSED = "unit_excused", _("unit excused")
        EXCUSE_ENDED = "excuse_ended", _("unit no longer excused")
        UNIT_REMINDED = "unit_reminded", _("unit reminded")
        FORM_CHANGED = "form_changed", _("form changed")
        TEMPLATE_CHANGED = "template_changed", _("report template changed")
        DATA_ERASED = "data_erased", _("personal data destroyed")
        RETENTION_CHANGED = "retention_changed", _("rule of retention changed")
        INDICATOR_CHANGED = "indicator_changed", _("indicator changed")
        KEY_MADE = "key_made", _("API key made")
        KEY_SHOWN = "key_shown", _("secret of an API key shown")
        KEY_REVOKED = "key_revoked", _("API key revoked")
        CONTACT_CHANGED = "contact_changed", _("contact changed")
        FEEDBACK_ANSWERED = "feedback_answered", _("feedback answered")
        WEBHOOK_MADE = "webhook_made", _("webhook made")
        WEBHOOK_CHANGED = "webhook_changed", _("webhook paused or resumed")
        WEBHOOK_SECRET = "webhook_secret", _("secret of a webhook shown")
        WEBHOOK_RESENT = "webhook_resent", _("message of a webhook sent again")
        CASE_EXPORT_STEP = "case_export_step", _("step of an export of case data")
        CLASSIFIED_REMOVED = "classified_removed", _("wrongly entered record removed")
        PERSON_INVITED = "person_invited", _("person invited")
        PERSON_CLOSED = "person_closed", _("account closed")
        PERSON_OPENED = "person_opened", _("account opened again")
        ROLE_ASKED = "role_asked", _("role asked for")
        ROLE_GIVEN = "role_given", _("role given")
        ROLE_REFUSED = "role_refused", _("role refused")
        ROLE_ENDED = "role_ended", _("role ended")
        AGENCY_CHANGED = "agency_changed", _("agency changed")
        OWN_DATA_TAKEN = "own_data_taken", _("own data downloaded")
        BREACH_TOLD = "breach_told", _("breach pack made")
        BACKED_UP = "backed_up", _("backup made, tried or restored")

    at = models.DateTimeField(_("when"), auto_now_add=True)
    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    about = models.CharField(_("about"), max_length=100, blank=True)
    detail: Any = models.JSONField(_("detail"), default=dict)
    address = models.GenericIPAddressField(
        _("from address"), null=True, default=current_address, editable=False
    )

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-at"], name="audit_user"),
            models.Index(fields=["about", "-at"], name="audit_about"),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.about}"
