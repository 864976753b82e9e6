"""Cutting tasks from a document in one sitting: the list is pasted, checked row by row, and given to units."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from programs.forms.task import ListForm, UnitsForm, task_rows, typed_rows
from programs.models import Document
from programs.selectors.activity import person
from programs.selectors.task import get_task_document, leading_agencies
from programs.services.task import cut_tasks, give_tasks
from programs.views.task import task_crumbs
from territory.models import Agency

_MORE_ROWS = 3


@require_http_methods(["GET", "HEAD", "POST"])
def task_cut(request: HttpRequest, pk: int) -> HttpResponse:
    """First the list, then its rows with the receiving units; tasks that exist are given to further units."""
    sitting = _Sitting(request, get_task_document(request, pk, needs="write"))
    if request.method != "POST":
        return sitting.list_page()
    if "more_rows" in request.POST:
        return sitting.with_more_rows()
    steps = {"rows": sitting.save, "give": sitting.give}
    return steps.get(request.POST.get("step", ""), sitting.read_list)()


class _Sitting:
    """One request on the way from a pasted list to tasks."""

    def __init__(self, request: HttpRequest, document: Document) -> None:
        self.request = request
        self.document = document
        self.actor = person(request)

    @cached_property
    def have(self) -> int:
        """How many tasks the document has now."""
        return self.document.tasks.count()

    @cached_property
    def agencies(self) -> list[Agency]:
        return leading_agencies(self.actor, self.document, timezone.localdate())

    def list_page(self, form: ListForm | None = None, giving: UnitsForm | None = None) -> HttpResponse:
        if giving is None and self.have:
            giving = self._units(needs_one=True)
        return self._page(
            step="list", form=form or ListForm(agencies=self.agencies, have=self.have), giving=giving
        )

    def read_list(self) -> HttpResponse:
        form = ListForm(self.request.POST, agencies=self.agencies, have=self.have)
        if not form.is_valid():
            return self.list_page(form)
        rows = task_rows(agencies=self.agencies, rows=form.rows)
        return self._page(step="rows", rows=rows, units=self._units(), after=self.have)

    def with_more_rows(self) -> HttpResponse:
        """The rows as typed and some more: how a page without script gets them."""
        rows = task_rows(agencies=self.agencies, rows=typed_rows(self.request.POST, blank=_MORE_ROWS))
        units = self._units()
        units.initial = {name: self.request.POST.getlist(name) for name in units.fields}
        return self._page(step="rows", rows=rows, units=units, after=self._after)

    def save(self) -> HttpResponse:
        rows = task_rows(self.request.POST, agencies=self.agencies)
        units = self._units(self.request.POST)
        after = self._after
        # Both are judged, so that all messages show at once.
        if all([rows.is_valid(), units.is_valid()]):
            try:
                made = cut_tasks(
                    actor=self.actor,
                    document=self.document,
                    tasks=rows.cut,
                    units=units.chosen,
                    after=after,
                )
            except ValidationError as error:
                units.add_error(None, error)
                after = self.have
            else:
                message = ngettext("%(count)d task is cut.", "%(count)d tasks are cut.", len(made))
                messages.success(self.request, message % {"count": len(made)})
                return redirect("task_matrix", pk=self.document.pk)
        return self._page(step="rows", rows=rows, units=units, after=after)

    def give(self) -> HttpResponse:
        giving = self._units(self.request.POST, needs_one=True)
        if not giving.is_valid():
            return self.list_page(giving=giving)
        units = giving.chosen
        give_tasks(actor=self.actor, tasks=list(self.document.tasks.all()), units=units)
        message = ngettext(
            "The tasks are given to %(count)d unit.", "The tasks are given to %(count)d units.", len(units)
        )
        messages.success(self.request, message % {"count": len(units)})
        return redirect("task_matrix", pk=self.document.pk)

    @property
    def _after(self) -> int:
        """How many tasks there were when the list was read, as the page says."""
        typed = self.request.POST.get("after", "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else self.have

    def _units(self, typed: Any = None, *, needs_one: bool = False) -> UnitsForm:
        return UnitsForm(typed, actor=self.actor, document=self.document, needs_one=needs_one)

    def _page(self, **context: Any) -> HttpResponse:
        matrix = reverse("task_matrix", args=[self.document.pk])
        crumbs = [*task_crumbs(), {"label": str(self.document), "url": matrix}, {"label": _("Cut tasks")}]
        given = {"document": self.document, "have": self.have, "crumbs": crumbs, **context}
        return render(self.request, "programs/task_cut.html", given)
