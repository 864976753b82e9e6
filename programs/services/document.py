"""Entering documents and saying how they stand to each other."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.changing import ChangedMeanwhile
from accounts.models import User
from programs.attachments import (
    CheckedFile,
    StoredFiles,
    not_held_yet,
    refuse_too_many_files,
    stored_files,
    take_off,
)
from programs.models import Attachment, Document, DocumentRelation, Relation
from programs.selectors.rights import may_write_document
from territory.models import Agency
from territory.text import control_characters, normalise

_TEXTS = ("number", "subject", "signer", "signer_position", "note")
_COLUMNS = (
    *("kind", "number", "issued_on", "year", "issuer_id", "area_id", "subject", "signer", "signer_position"),
    *("urgency", "recipients", "note", "valid_from", "valid_to"),
)
_INVISIBLE = _("The text holds an invisible control character.")
_NUMBER_USED = _("This issuer already has a document of this number in this year.")


@dataclass(frozen=True)
class RestsOn:
    """A relation to be: the other document and how the one stands to it."""

    document: Document
    kind: Relation


def enter_document(
    *,
    actor: User,
    rests_on: Iterable[RestsOn] = (),
    co_issuers: Iterable[Agency] = (),
    attachments: Sequence[CheckedFile] = (),
    **fields: Any,
) -> Document:
    """Put a document into the register. Exactly the same again by the same person gives the one that exists, with
    those of the files that it has not yet.

    Raises PermissionDenied, or ValidationError by field: the number's form, a number the issuer already used in that
    year, a date in the future, too many files.
    """
    if not may_write_document(actor, fields["issuer"], fields["area"]):
        raise PermissionDenied("the actor does not keep this register")
    document = Document(entered_by=actor, **_normalised(fields))
    _judge(document)
    relations = {(relation.document.pk, str(relation.kind)) for relation in rests_on}
    issuers = {agency.pk for agency in co_issuers}
    with stored_files() as files, transaction.atomic(), pghistory.context(user=actor.pk):
        # Two clicks at the same moment come one after the other, so the second finds what the first made.
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        existing = _same_entered(actor, document, issuers, relations)
        if existing is not None:
            _change_files(files, existing, actor, attachments, leaving=[])
            return existing
        _save(document)
        document.co_issuers.set(issuers)
        for key, kind in relations:
            DocumentRelation.objects.create(document=document, rests_on_id=key, kind=kind)
        _change_files(files, document, actor, attachments, leaving=[])
    return document


def _same_entered(
    actor: User, document: Document, issuers: set[int], relations: set[tuple[int, str]]
) -> Document | None:
    """What the actor entered already, exactly like this one."""
    own = Document.objects.unscoped("the actor's own rows").filter(entered_by=actor, **_columns_of(document))
    return next(
        (each for each in own if _issuers_of(each) == issuers and _relations_of(each) == relations), None
    )


def change_document(
    *,
    actor: User,
    document: Document,
    version: int,
    rests_on: Iterable[RestsOn] | None = None,
    co_issuers: Iterable[Agency] | None = None,
    attachments: Sequence[CheckedFile] = (),
    removed_attachments: Iterable[int] = (),
    **fields: Any,
) -> Document:
    """Change a document. Where nothing differs nothing is written, so a second click is no second change.

    Raises ChangedMeanwhile when it is not at ``version`` any more; else as entering.
    """
    with stored_files() as files, transaction.atomic(), pghistory.context(user=actor.pk):
        held: Document = (
            Document.objects.unscoped("the row is locked, then judged")
            .select_for_update(of=("self",))
            .get(pk=document.pk)
        )
        if not may_write_document(actor, held.issuer, held.area):
            raise PermissionDenied("the actor does not keep this register")
        before = _columns_of(held)
        for name, value in _normalised(fields).items():
            setattr(held, name, value)
        if not may_write_document(actor, held.issuer, held.area):
            raise PermissionDenied("the actor does not keep the register it would move to")
        _judge(held)
        had, had_issuers = _relations_of(held), _issuers_of(held)
        wanted = had if rests_on is None else {(rel.document.pk, str(rel.kind)) for rel in rests_on}
        issuers = had_issuers if co_issuers is None else {agency.pk for agency in co_issuers}
        leaving = list(held.attachments.filter(pk__in=set(removed_attachments)))
        is_same = (_columns_of(held), wanted, issuers) == (before, had, had_issuers)
        if is_same and not leaving and not not_held_yet(attachments, held.attachments.all()):
            return held
        if held.version != version:
            raise ChangedMeanwhile.since(held)
        held.version += 1
        _save(held)
        held.co_issuers.set(issuers)
        for relation in held.upward.all():
            if (relation.rests_on_id, relation.kind) not in wanted:
                relation.delete()
        for key, kind in wanted - had:
            relate(actor=actor, document=held, rests_on=key, kind=Relation(kind))
        _change_files(files, held, actor, attachments, leaving=leaving)
    return held


def _change_files(
    files: StoredFiles,
    document: Document,
    actor: User,
    added: Sequence[CheckedFile],
    *,
    leaving: Sequence[Attachment],
) -> None:
    """Take files off a document and attach those it has not. Raises ValidationError when they become too many."""
    gone = {attachment.pk for attachment in leaving}
    kept = [attachment for attachment in document.attachments.all() if attachment.pk not in gone]
    new = not_held_yet(added, kept)
    try:
        refuse_too_many_files(kept=len(kept), added=len(new))
    except ValidationError as error:
        raise ValidationError({"attachments": error}) from error
    for attachment in leaving:
        take_off(attachment)
    files.attach(document=document, actor=actor, checked=new)


def was_entered(*, actor: User, issuer: int, number: str, subject: str) -> bool:
    """Whether the actor already entered a document of this issuer, number and subject."""
    own = Document.objects.unscoped("the actor's own rows").filter(entered_by=actor)
    found: bool = own.filter(
        issuer=issuer, number=normalise(number).strip(), subject=normalise(subject).strip()
    ).exists()
    return found


def relate(*, actor: User, document: Document, rests_on: int, kind: Relation) -> DocumentRelation:
    """Say that a document rests on another. The same twice is once. Raises ValidationError for a circle."""
    if not may_write_document(actor, document.issuer, document.area):
        raise PermissionDenied("the actor does not keep this register")
    if rests_on == document.pk or document.pk in _all_above(rests_on):
        raise ValidationError(
            _("These two documents would rest on each other. Check which one came first."), code="circle"
        )
    relation, _made = DocumentRelation.objects.get_or_create(
        document=document, rests_on_id=rests_on, kind=kind
    )
    return relation


def _all_above(key: int) -> set[int]:
    """Every document a document rests on, directly or not."""
    seen: set[int] = set()
    wave = {key}
    while wave:
        found = DocumentRelation.objects.filter(document__in=wave).values_list("rests_on_id", flat=True)
        wave = set(found) - seen
        seen |= wave
    return seen


def _relations_of(document: Document) -> set[tuple[int, str]]:
    return set(document.upward.values_list("rests_on_id", "kind"))


def _issuers_of(document: Document) -> set[int]:
    return set(document.co_issuers.values_list("pk", flat=True))


def _columns_of(document: Document) -> dict[str, Any]:
    return {name: getattr(document, name) for name in _COLUMNS}


def _normalised(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with their texts in NFC. Raises ValidationError, by field, for control characters."""
    given = dict(fields)
    for name in _TEXTS:
        if name in given:
            given[name] = normalise(given[name]).strip()
    if "recipients" in given:
        given["recipients"] = [normalise(each).strip() for each in given["recipients"]]
    texts = {
        **{name: given.get(name, "") for name in _TEXTS},
        "recipients": "".join(given.get("recipients", ())),
    }
    broken = {name: _INVISIBLE for name, text in texts.items() if control_characters(text)}
    if broken:
        raise ValidationError(broken)
    return given


def _judge(document: Document) -> None:
    """Raises ValidationError, by field, where the document breaks a rule."""
    if document.issued_on:
        document.year = document.issued_on.year
        if document.issued_on > timezone.localdate() + dt.timedelta(days=1):
            raise ValidationError({"issued_on": _("The date lies in the future.")})
    if document.valid_from and document.valid_to and document.valid_to < document.valid_from:
        raise ValidationError({"valid_to": _("The last day of validity lies before the first.")})
    document.full_clean(
        exclude=["search_text", "entered_by"], validate_unique=False, validate_constraints=False
    )


def _refuse_used_number(document: Document) -> None:
    same = Document.objects.unscoped("a number is used once, whoever may see the document").filter(
        issuer=document.issuer_id, year=document.year, number=document.number
    )
    if same.exclude(pk=document.pk).exists():
        raise ValidationError({"number": _NUMBER_USED})


def _save(document: Document) -> None:
    """Raises ValidationError when the number was used, even at this very moment."""
    if document.number and document.year:
        _refuse_used_number(document)
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError as error:
        if "programs_document_number_once_a_year" in str(error):
            raise ValidationError({"number": _NUMBER_USED}) from error
        raise
