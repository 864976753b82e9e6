"""The search over all records: what is typed comes by POST, and stands in the address of its results only sealed."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import ReadEvent, User
from accounts.reading import record_reads
from accounts.row_scope import protected_rows
from reporting.search import KINDS, MOST, Found, Hit, SearchForm, find, open_query, read, seal_query

#: Hits of each kind on the page of all kinds.
FIRST = 5


@require_http_methods(["GET", "HEAD", "POST"])
@protected_rows
def search(request: HttpRequest) -> HttpResponse:
    """What is found of all kinds, or page by page of one. Every protected record shown goes into the read log."""
    reader = request.user
    assert isinstance(reader, User)
    if request.method == "POST":
        form = SearchForm(request.POST)
        if not form.is_valid():
            return render(request, "reporting/search.html", _page(form), status=422)
        sealed = seal_query(form.cleaned_data["q"], user=reader)
        return redirect(f"{reverse('search')}?{urlencode({'s': sealed})}")
    sealed = request.GET.get("s", "")
    typed = open_query(sealed, user=reader) if sealed else None
    if typed is None:
        return render(request, "reporting/search.html", {**_page(SearchForm()), "is_gone": bool(sealed)})
    found = find(reader, typed)
    kind = request.GET.get("kind", "")
    context = {
        **_page(SearchForm(initial={"q": typed.text})),
        "found": found,
        "typed": typed.text,
        "kind": kind if kind in KINDS else "",
        "tabs": _tabs(found, sealed, kind),
    }
    if kind in KINDS:
        page = Paginator(found.of(kind), settings.PAGE_SIZE).get_page(request.GET.get("page"))
        context |= {
            "page_obj": page,
            "hits": _shown(reader, list(page)),
            "kind_label": KINDS[kind],
            "is_cut": found.count(kind).endswith("+"),
            "most": MOST,
            "query_string": urlencode({"s": sealed, "kind": kind}),
        }
    else:
        first = {word: found.of(word)[:FIRST] for word in KINDS if found.of(word)}
        hits, protected = read(reader, [key for keys in first.values() for key in keys])
        record_reads(actor=reader, records=protected, how=ReadEvent.How.LIST)
        context["groups"] = [
            {
                "kind": word,
                "label": KINDS[word],
                "count": found.count(word),
                "hits": [hits[key] for key in keys if key in hits],
                "more": _address(sealed, word) if len(found.of(word)) > FIRST else "",
            }
            for word, keys in first.items()
        ]
    return render(request, "reporting/search.html", context)


def _shown(reader: User, keys: list[Any]) -> list[Hit]:
    hits, protected = read(reader, keys)
    record_reads(actor=reader, records=protected, how=ReadEvent.How.LIST)
    return [hits[key] for key in keys if key in hits]


def _address(sealed: str, kind: str = "") -> str:
    return f"{reverse('search')}?{urlencode({'s': sealed, **({'kind': kind} if kind else {})})}"


def _tabs(found: Found, sealed: str, chosen: str) -> list[dict[str, Any]]:
    """A tab for all kinds and one for each kind of which something was found, and for the one that is chosen."""
    everything = {"label": _("All kinds"), "url": _address(sealed), "is_current": chosen not in KINDS}
    return [everything] + [
        {
            "label": label,
            "url": _address(sealed, word),
            "count": found.count(word),
            "is_current": word == chosen,
        }
        for word, label in KINDS.items()
        if found.of(word) or word == chosen
    ]


def _page(form: SearchForm) -> dict[str, Any]:
    return {
        "form": form,
        "crumbs": [{"label": _("My work"), "url": reverse("home")}, {"label": _("Search")}],
    }
