"""What is typed into the blocks of a draft and not saved yet: kept for its writer, and seen by nobody else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import FormDraft, User
from accounts.scoping import scope_of
from accounts.services import discard_form_draft, save_form_draft, take_form_draft, typed_fields
from reporting.models import ReportDraft
from reporting.services.drafting import LONGEST_TEXT

_NAMES = ("text", "after")


@dataclass(frozen=True)
class Kept:
    """What was typed into one block: its text, and the text after it."""

    text: str | None
    after: str | None


def keep_typed(
    *, actor: User, draft: ReportDraft, block: str, typed: Mapping[str, str | None]
) -> datetime | None:
    """Keep what was typed into a block so far, beside that of the other blocks, and return when.

    None for a block without a text. Raises PermissionDenied, accounts.services.DraftTooLarge.
    """
    if not scope_of(actor).may_in("report.make", draft.area):
        raise PermissionDenied("the actor does not make reports of this area")
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=actor.pk)
        fields = dict(_fields(draft, actor))
        for name in _NAMES:
            value = typed.get(name)
            if value is not None:
                fields[f"{name}:{block}"] = [value[: LONGEST_TEXT + 1]]
        if not fields:
            return None
        return save_form_draft(user=actor, form=_form(draft), fields=fields.items())


def forget_typed(*, actor: User, draft: ReportDraft, block: str) -> None:
    """Forget what was typed into a block: it is saved now, or not wanted."""
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=actor.pk)
        names = {f"{name}:{block}" for name in _NAMES}
        fields = {name: values for name, values in _fields(draft, actor).items() if name not in names}
        if fields:
            save_form_draft(user=actor, form=_form(draft), fields=fields.items())
        else:
            discard_form_draft(user=actor, form=_form(draft))


def typed_into(draft: ReportDraft, actor: User) -> dict[str, Kept]:
    """What the actor typed and did not save, by block. One query."""
    fields = _fields(draft, actor)
    blocks = {name.partition(":")[2] for name in fields}

    def value(name: str, block: str) -> str | None:
        return next(iter(fields.get(f"{name}:{block}", ())), None)

    return {block: Kept(value("text", block), value("after", block)) for block in blocks}


def _form(draft: ReportDraft) -> str:
    return f"report:{draft.key}"


def _fields(draft: ReportDraft, actor: User) -> Mapping[str, list[str]]:
    kept: FormDraft | None = take_form_draft(user=actor, form=_form(draft))
    return typed_fields(kept) if kept else {}
