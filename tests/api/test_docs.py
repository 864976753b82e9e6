"""The pages that describe the API: made of the OpenAPI document, whole, in the language of the reader, and small."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from config.api_docs.chapters import chapters_of
from config.api_docs.document import _document_in, document
from config.api_docs.sentences import SENTENCES, paragraphs_of

pytestmark = pytest.mark.django_db
LARGEST = 150_000


def page(address: str, language: str = "en") -> str:
    answer = Client().get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def chapter(tag: str, language: str = "en") -> str:
    return page(reverse("api-docs-chapter", args=[tag]), language)


def test_every_operation_of_the_document_is_described_once() -> None:
    described = document()
    known = {
        (method.upper(), path)
        for path, methods in described["paths"].items()
        for method in methods
        if method != "parameters"
    }
    chapters = chapters_of(described)
    told = [(each.method, each.path) for chapter in chapters for each in chapter.operations]

    assert sorted(told) == sorted(known)
    anchors = [each.anchor for chapter in chapters for each in chapter.operations]
    assert len(set(anchors)) == len(anchors)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_is_small_holds_no_script_of_others_and_leads_nowhere_else(language: str) -> None:
    for tag in ["", *(each.tag for each in chapters_of(document()))]:
        shown = chapter(tag, language) if tag else page(reverse("api-docs"), language)
        assert len(shown.encode()) < LARGEST, tag
        assert "style=" not in shown
        assert re.findall(r"<script(?![^>]*src=\"/static/)", shown) == []
        targets = set(re.findall(r'href="#([^"]+)"', shown))
        assert targets <= set(re.findall(r'id="([^"]+)"', shown)), tag


def test_an_operation_is_told_with_its_parameters_answers_and_examples() -> None:
    shown = unescape(chapter("statistics"))

    assert "Codes of indicators, set apart by commas, at most 50." in shown
    assert "<code>jsonstat</code>" in shown
    assert 'href="#shape-Statistics"' in shown
    assert "statistics/?indicator=cases_prosecuted,victims_received&period=2020-H1,2019-H1" in shown
    assert "requests.get(" in shown
    assert "Table.FromRecords(Answer[data])" in shown


def test_a_change_is_told_with_its_body_and_the_version_it_needs() -> None:
    shown = unescape(chapter("activities"))

    assert "-H 'If-Match: \"v3\"'" in shown
    assert '"ended_on": "2026-03-05"' in shown
    assert "'ended_on': '2026-03-05'" in shown
    assert '-F "files=@paper.pdf"' in shown


def test_the_language_is_that_of_the_reader() -> None:
    assert 'lang="vi"' in page(reverse("api-docs"), "vi")
    assert "How to ask" in page(reverse("api-docs"), "en")


def test_every_sentence_of_a_docstring_that_is_shown_is_known_to_the_catalogue_and_no_other() -> None:
    _document_in.cache_clear()
    with translation.override("vi"):
        document()  # made first: it must leave the English one as it is
    with translation.override("en"):
        described = document()
    operations = [told for methods in described["paths"].values() for told in methods.values()]
    shapes = described["components"]["schemas"].values()
    docstrings = "\n\n".join(each.get("description", "") for each in (*operations, *shapes))
    told = {sentence for sentence in paragraphs_of(docstrings) if sentence and not sentence.startswith("* `")}
    shown = {sentence for text in _descriptions(described) for sentence in paragraphs_of(text)}

    assert told - set(SENTENCES) == set()
    assert set(SENTENCES) - shown == set()


def _descriptions(part: Any) -> Iterator[str]:
    """Every description inside of a part of the document."""
    for key, inner in part.items() if isinstance(part, dict) else enumerate(part):
        if key == "description" and isinstance(inner, str):
            yield inner
        elif isinstance(inner, dict | list):
            yield from _descriptions(inner)


def test_several_readers_who_come_first_at_once_all_get_the_document() -> None:
    _document_in.cache_clear()
    with ThreadPoolExecutor(4) as threads:
        got = list(threads.map(lambda _reader: document(), range(4)))

    assert len(got) == 4
    assert all(each is got[0] for each in got)


def test_shapes_and_operations_have_the_same_names_in_both_languages() -> None:
    """Or a client that was made of the description in one language would break over the other."""
    names = []
    for language in ("vi", "en"):
        with translation.override(language):
            described = document()
            names.append((sorted(described["components"]["schemas"]), sorted(described["paths"])))

    assert names[0] == names[1]
    assert [name for name in names[0][0] if re.search(r"\d", name)] == []


def test_a_page_asks_the_database_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    chapter("areas")
    with django_assert_num_queries(0):
        chapter("areas")
        page(reverse("api-docs"))


def test_a_noun_the_api_does_not_know_has_no_page() -> None:
    assert Client().get(reverse("api-docs-chapter", args=["secrets"])).status_code == 404
