"""Two people at one record: who changed it last, and how the slower one is told."""

import datetime as dt
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User


class ChangedMeanwhile(Exception):
    """Somebody changed a record after it was opened for editing: who, when, and its present version."""

    def __init__(self, who: User | None, when: dt.datetime, version: int) -> None:
        super().__init__(who, when, version)
        self.who = who
        self.when = when
        self.version = version

    @classmethod
    def since(cls, record: Any, *, version: int | None = None) -> "ChangedMeanwhile":
        """That of a tracked record; ``version`` where the change is told by another record's version."""
        who, when = last_change(record)
        return cls(who, when, record.version if version is None else version)

    @property
    def told(self) -> dict[str, str]:
        """Who and when, as a sentence names them."""
        return {
            "who": self.who.full_name if self.who else _("Somebody"),
            "when": f"{timezone.localtime(self.when):%d/%m/%Y %H:%M}",
        }

    def as_error(self, sentence: str) -> ValidationError:
        """The error of a form; ``sentence`` is translated and names %(who)s and %(when)s."""
        return ValidationError(sentence, code="changed_meanwhile", params=self.told)


def event_model(model: type[models.Model]) -> type[models.Model]:
    """The model of the events of a tracked model."""
    return apps.get_model(model._meta.app_label, f"{model.__name__}Event")


def person_id(event: Any) -> int | None:
    """The id of who made the change that an event tells of, as far as its context says."""
    person = event.pgh_context.metadata.get("user") if event.pgh_context else None
    return person if isinstance(person, int) else None


def last_change(record: models.Model) -> tuple[User | None, dt.datetime]:
    """Who changed a tracked record last (as far as known) and when."""
    events = event_model(type(record))._base_manager.filter(pgh_obj=record.pk)
    event: Any = events.select_related("pgh_context").order_by("pgh_id").last()
    if event is None:
        return None, getattr(record, "updated_at", None) or timezone.now()
    person = person_id(event)
    return (User.objects.filter(pk=person).first() if person is not None else None), event.pgh_created_at
