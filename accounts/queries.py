"""The queries of links between the pages of a list."""

from django.http import HttpRequest


def query_without(request: HttpRequest, name: str, **changed: str) -> str:
    """The query of a page without one of its parameters, and with others changed."""
    query = request.GET.copy()
    query.pop(name, None)
    for changed_name, value in changed.items():
        query[changed_name] = value
    return query.urlencode()
