"""Every address of the portal as a list: its name, methods, parameters, the kind of object, and who may ask."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

#: What a view answers to that declares no methods.
ANY = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@dataclass(frozen=True)
class Address:
    """One address. ``access`` is public, signed_in, or protected: shows records under row-level policies."""

    name: str
    path: str
    methods: tuple[str, ...]
    parameters: dict[str, str]
    kind: str | None
    access: str


def all_addresses() -> list[Address]:
    """Every address the resolver knows, in its order. Of two with one path only the first is ever reached."""
    reached: dict[str, URLPattern] = {}
    for path, pattern in _patterns(get_resolver(), "/"):
        reached.setdefault(path, pattern)
    return [_address(path, pattern) for path, pattern in reached.items()]


def _patterns(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, path)
        else:
            yield path, pattern


def _address(path: str, pattern: URLPattern) -> Address:
    name = str(pattern.name)
    converters = pattern.pattern.converters
    parameters = {each: type(converter).__name__ for each, converter in converters.items()}
    parameters |= {each: "RegExp" for each in pattern.pattern.regex.groupindex if each not in parameters}
    view = pattern.callback
    access = "signed_in" if getattr(view, "login_required", True) else "public"
    if getattr(view, "is_protected", False):
        access = "protected"
    return Address(name, path, methods_of(view), parameters, _kind(name) if parameters else None, access)


def methods_of(view: Callable[..., Any]) -> tuple[str, ...]:
    """The methods a view answers to, as its decorators or its class declare them; all of them agree."""
    allowed = set(ANY)
    layer: Any = view
    while layer is not None:
        declared = _declared(layer)
        if declared is not None:
            allowed &= declared
        layer = getattr(layer, "__wrapped__", None)
    return tuple(method for method in ANY if method in allowed)


def _declared(layer: Any) -> set[str] | None:
    """What one layer says: a decorator of django.views.decorators.http keeps its list, a class has its handlers."""
    actions = getattr(layer, "actions", None)
    if actions is not None:  # a viewset of the API
        handlers = {method.upper() for method in actions}
        return handlers | {"OPTIONS"} | ({"HEAD"} if "GET" in handlers else set())
    view_class = getattr(layer, "view_class", None)
    if view_class is not None:
        handlers = {name.upper() for name in view_class.http_method_names if hasattr(view_class, name)}
        return handlers | ({"HEAD"} if "GET" in handlers else set())
    names = getattr(getattr(layer, "__code__", None), "co_freevars", ())
    if "request_method_list" not in names:
        return None
    return set(layer.__closure__[names.index("request_method_list")].cell_contents)


def _kind(name: str) -> str | None:
    """The model an address is about: the one whose name the address begins with, the longest of them."""
    plain = name.replace("_", "")
    fitting = [model for model in apps.get_models() if plain.startswith(model.__name__.lower())]
    return max(fitting, key=lambda model: len(model.__name__))._meta.label_lower if fitting else None
