"""The endpoints of version 1, by noun."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from accounts.api import schema as _schema  # noqa: F401 registers how the API is described
from config.api_docs import views as api_docs
from config.api_docs.document import DocumentView
from incidents.api.case import CaseViews
from incidents.api.case_part import OF_CASE, CaseItemViews, CasePersonViews, CasePlaceViews, CaseTipViews
from incidents.api.tip import TipViews
from programs.api.activity import ActivityViews
from programs.api.document import DocumentViews
from programs.api.pilot import PilotViews
from programs.api.prevention import ModelViews
from programs.api.statement import DifficultyViews, DirectionViews, RecommendationViews
from programs.api.task import AssignmentViews, TaskViews
from reporting.api.programme import ProgrammeViews
from reporting.api.reference import AgencyViews, AreaViews, IndicatorViews, PeriodsView, TargetViews
from reporting.api.reports import ObligationViews, ReportViews
from reporting.api.statistics import StatisticsView
from reporting.api.submissions import SubmissionViews
from victims.api.service import ServiceViews
from victims.api.transfer import TransferViews
from victims.api.victim import VictimViews

router = SimpleRouter()
router.register("activities", ActivityViews, "api-activity")
router.register("documents", DocumentViews, "api-document")
router.register("tasks", TaskViews, "api-task")
router.register("assignments", AssignmentViews, "api-assignment")
router.register("pilots", PilotViews, "api-pilot")
router.register("difficulties", DifficultyViews, "api-difficulty")
router.register("recommendations", RecommendationViews, "api-recommendation")
router.register("directions", DirectionViews, "api-direction")
router.register("programmes", ProgrammeViews, "api-programme")
router.register("models", ModelViews, "api-model")
router.register("indicators", IndicatorViews, "api-indicator")
router.register("areas", AreaViews, "api-area")
router.register("agencies", AgencyViews, "api-agency")
router.register("targets", TargetViews, "api-target")
router.register("obligations", ObligationViews, "api-obligation")
router.register("reports", ReportViews, "api-report")
router.register("submissions", SubmissionViews, "api-submission")
router.register("tips", TipViews, "api-tip")
router.register("cases", CaseViews, "api-case")
router.register(f"{OF_CASE}/persons", CasePersonViews, "api-case-person")
router.register(f"{OF_CASE}/places", CasePlaceViews, "api-case-place")
router.register(f"{OF_CASE}/items", CaseItemViews, "api-case-item")
router.register(f"{OF_CASE}/tips", CaseTipViews, "api-case-tip")
router.register("victims", VictimViews, "api-victim")
router.register("services", ServiceViews, "api-service")
router.register("transfers", TransferViews, "api-transfer")

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", login_not_required(DocumentView.as_view()), name="api-schema"),
    path("docs/", api_docs.guide, name="api-docs"),
    path("docs/<slug:tag>/", api_docs.chapter, name="api-docs-chapter"),
    path("statistics/", StatisticsView.as_view(), name="api-statistics"),
    path("periods/", PeriodsView.as_view(), name="api-period-list"),
    *router.urls,
]
