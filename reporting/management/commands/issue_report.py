"""Issue a report from the command line, by people of the portal, through the same steps as in the pages."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from accounts.models import User
from programs.services.refusals import TransitionNotAllowed
from reporting.management.commands.make_report import RULES
from reporting.models import Report, ReportKind
from reporting.services import approval, jobs, making
from territory.period import PeriodError, parse_period
from territory.selectors import AreaUnknown, area_on


class Command(BaseCommand):
    help = (
        "Make, review, sign and issue a report: issue_report --area 62 --period 2020-H1 --kind six_month"
        " --by DRAFTER@... --reviewer HEAD@... --signer-name 'Họ và tên' --signer-title 'TRƯỞNG BAN'"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--area", required=True, help="code of the area at the end of the period")
        parser.add_argument("--period", required=True, help="2020-H1, 2020, 2016..2020 or two dates")
        parser.add_argument("--kind", required=True, choices=ReportKind.values)
        parser.add_argument("--rule", default="nd09", choices=RULES)
        parser.add_argument("--by", required=True, help="e-mail of who drafts it")
        parser.add_argument("--reviewer", required=True, help="e-mail of who reviews and signs it")
        parser.add_argument("--signer-name", required=True, help="name as printed")
        parser.add_argument("--signer-title", required=True, help="title as printed")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            period = parse_period(options["period"], RULES[options["rule"]])
            area = area_on(options["area"], period.end)
            drafter, reviewer = (User.objects.get(email=options[who]) for who in ("by", "reviewer"))
            job = jobs.request_report(actor=drafter, kind=options["kind"], area=area, period=period)
            made = self._work(job)
            draft = approval.adopt_report(report=made, actor=drafter)
            seen: dict[str, Any] = {"draft": draft, "version": draft.version}
            approval.send_for_review(actor=drafter, **seen)
            approval.review_draft(actor=reviewer, **seen)
            signing = approval.sign_draft(
                actor=reviewer,
                signer_name=options["signer_name"],
                signer_title=options["signer_title"],
                **seen,
            )
            report = self._work(signing)
        except (PeriodError, AreaUnknown) as error:
            raise CommandError(str(error)) from error
        except User.DoesNotExist as error:
            raise CommandError("Nobody has this e-mail address.") from error
        except PermissionDenied as error:
            raise CommandError(f"Refused: {error}") from error
        except (TransitionNotAllowed, ValidationError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{report.number}/{report.symbol} {report.code} {report.file.name}")

    def _work(self, job: Any) -> Report:
        """Do a job here and now, unless a worker has it already; then wait for nothing and say so."""
        lease = jobs.take(str(job.key))
        if lease is None:
            raise CommandError("A worker has taken the job; find the report in the portal.")
        with override("vi"):
            making.carry_out(lease)
        job.refresh_from_db()
        if job.state != job.State.DONE:
            raise CommandError(f"The report could not be made: {jobs.FAILURES.get(job.failure, job.failure)}")
        every = Report.objects.unscoped("the report of the job just done").select_related("area")
        found: Report = every.get(pk=job.issues_id) if job.issues_id else every.get(job=job)
        return found
