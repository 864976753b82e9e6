"""What the libraries tell people and programs about their input: in Vietnamese, as the portal's own words are."""

from collections.abc import Callable, Iterator
from typing import Any

from django.forms import BaseForm
from django.urls import get_resolver
from django.utils import translation
from rest_framework import exceptions
from rest_framework.serializers import BaseSerializer

#: Whose classes no form and no serializer of the portal is made from.
LIBRARIES = ("django.", "rest_framework.", "django_filters.", "drf_spectacular.")


def _kinds_of(base: type[Any]) -> Iterator[type[Any]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds_of(kind)


def _ours(base: type[Any]) -> Iterator[Any]:
    """The classes that answer requests; one whose name begins with a line is only there to be inherited from."""
    assert get_resolver().url_patterns, "all that answers is imported by its address"
    for kind in _kinds_of(base):
        if not kind.__module__.startswith(LIBRARIES) and not kind.__name__.startswith("_"):
            yield kind


def _of_field(field: Any) -> Iterator[str]:
    yield from map(str, field.error_messages.values())
    yield from (str(told) for each in field.validators if (told := getattr(each, "message", None)))


def _of_serializers() -> Iterator[str]:
    waiting: list[Any] = [kind() for kind in _ours(BaseSerializer)]
    while waiting:
        field = waiting.pop()
        yield from _of_field(field)
        waiting += getattr(field, "fields", {}).values()
        waiting += filter(None, [getattr(field, "child", None), getattr(field, "child_relation", None)])


def _of_forms() -> Iterator[str]:
    for kind in _ours(BaseForm):
        for field in kind.base_fields.values():
            yield from _of_field(field)


def _of_refusals() -> Iterator[str]:
    for kind in (exceptions.APIException, *_kinds_of(exceptions.APIException)):
        for name in ("default_detail", "extra_detail_singular", "extra_detail_plural"):
            if told := getattr(kind, name, None):
                yield str(told)


def _english_among(messages: Callable[[], Iterator[str]]) -> set[str]:
    """The messages that read in Vietnamese as they do in English."""
    with translation.override("en"):
        english = list(messages())
    with translation.override("vi"):
        told = list(messages())
    assert len(told) >= 15
    return {text for text, same in zip(english, told, strict=True) if text and text == same}


def test_a_program_is_told_in_vietnamese_what_its_record_lacks() -> None:
    assert _english_among(_of_serializers) == set()


def test_a_program_is_told_in_vietnamese_why_it_is_refused() -> None:
    assert _english_among(_of_refusals) == set()


def test_a_form_tells_in_vietnamese_what_is_wrong() -> None:
    assert _english_among(_of_forms) == set()
