"""Addresses of difficulties, recommendations and directions."""

from django.urls import path, register_converter

from programs.models import STATEMENTS
from programs.views import recommendation, statement


class StatementKind:
    """The kind of a statement, in a word."""

    regex = "|".join(STATEMENTS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(StatementKind, "statement")

urlpatterns = [
    path("statements/", statement.statement_list, name="statement_list"),
    path("statements/export.xlsx", statement.statement_export, name="statement_export"),
    path("statements/period/", recommendation.statement_period, name="statement_period"),
    path("statements/period/carry/", recommendation.statement_carry, name="statement_carry"),
    path("statements/drafts/<str:form>/", statement.statement_draft, name="statement_draft"),
    path("statements/<statement:kind>/new/", statement.statement_new, name="statement_new"),
    path("statements/<statement:kind>/<int:pk>/", statement.statement_detail, name="statement_detail"),
    path("statements/<statement:kind>/<int:pk>/edit/", statement.statement_edit, name="statement_edit"),
    path(
        "statements/recommendation/<int:pk>/answer/",
        recommendation.recommendation_answer,
        name="recommendation_answer",
    ),
    path(
        "statements/recommendation/<int:pk>/<slug:step>/",
        recommendation.recommendation_step,
        name="recommendation_step",
    ),
]
