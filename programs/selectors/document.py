"""Documents a person may see and keep, how they are found, and the chain one stands in."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.scoping import scope_of
from programs.models import NUMBER_FORM, Document, DocumentKind, Relation
from programs.selectors.activity import person
from programs.selectors.area import areas_within
from territory.collation import fold
from territory.models import Agency, Area, Level, paths_above

READING_VERBS = ("document.read", "document.read_all")
WRITING_VERBS = ("document.write", "document.write_all")
#: How far a chain is followed, and how many documents it shows on each side.
CHAIN_DEPTH = 8
CHAIN_SIZE = 200


# --- who ---


def may_read_documents(user: User) -> bool:
    return any(scope_of(user).may(verb) for verb in READING_VERBS)


def may_enter_documents(user: User) -> bool:
    """Whether the person keeps a register anywhere."""
    return any(scope_of(user).may(verb) for verb in WRITING_VERBS)


def get_document(request: HttpRequest, pk: int, *, needs: str = "read") -> Document:
    """The document, found and allowed, with its issuer and area.

    ``needs`` is "read" or "write". Raises Http404 when there is none, when the person may not see it, and
    when the person may see but not change it: an answer never tells which.
    """
    user = person(request)
    found = Document.objects.visible_to(user).select_related("issuer", "area__district", "entered_by")
    if needs == "write":
        scope = scope_of(user)
        above = {
            path for grant in scope.having("document.write_all") for path in paths_above(grant.area.path)
        }
        kept = scope.rows(own="document.write", every="document.write_all", agency="issuer")
        found = found.filter(kept | Q(area__path__in=above))
    document: Document | None = found.filter(pk=pk).first()
    if document is None:
        raise Http404
    return document


# --- what may be chosen ---


def register_areas(user: User, verbs: Iterable[str]) -> list[Area]:
    """The areas whose documents the person may meet: own ones with all below, and those above them."""
    grants = [grant for verb in verbs for grant in scope_of(user).having(verb)]
    above = {path for grant in grants for path in paths_above(grant.area.path)}
    own = {grant.area.path: grant.area for grant in grants}
    higher = Area.objects.filter(path__in=above - set(own)).order_by("path")
    return [*higher, *areas_within(own.values())]


def kept_areas(user: User) -> list[Area]:
    """The areas whose documents the person may enter; those above only for who coordinates an area."""
    scope = scope_of(user)
    own = {grant.area.path: grant.area for verb in WRITING_VERBS for grant in scope.having(verb)}
    above = {path for grant in scope.having("document.write_all") for path in paths_above(grant.area.path)}
    higher = Area.objects.filter(path__in=above - set(own)).order_by("path")
    return [*higher, *areas_within(own.values())]


@dataclass(frozen=True)
class Issuers:
    """Agencies that can be named on a document: those that may have issued it, and those that took part."""

    first: list[Agency]
    together: list[Agency]


def issuers_to_choose(user: User) -> Issuers:
    """Agencies of own areas and of the areas above; as the first issuer those whose register the person keeps."""
    scope = scope_of(user)
    own, reach, kept = set(), Q(pk__in=[]), list(scope.having("document.write_all"))
    for verb in WRITING_VERBS:
        for grant in scope.having(verb):
            reach |= Q(pk=grant.membership.agency_id) | Q(area__path__in=paths_above(grant.area.path))
    for grant in scope.having("document.write"):
        own.add(grant.membership.agency_id)
    for grant in kept:
        below = Q(area__path__startswith=grant.area.path)
        if grant.area.level == Level.NATION:
            below &= Q(area__level__in=[Level.NATION, Level.PROVINCE])
        reach |= below
    found = (
        Agency.objects.filter(reach).select_related("area").order_by("area__path", "sort_key", "-valid_from")
    )
    together = sorted(found, key=lambda agency: agency.area.path.count("/"))
    first = [
        agency
        for agency in together
        if agency.pk in own
        or any(grant.area.contains(agency.area) or agency.area.contains(grant.area) for grant in kept)
    ]
    return Issuers(first, together)


def issuers_of_documents(user: User) -> list[Agency]:
    """The issuers of the documents the person may see."""
    seen = Document.objects.visible_to(user).order_by().values("issuer")
    return list(Agency.objects.filter(pk__in=seen).only("name", "valid_from", "valid_to", "sort_key"))


# --- finding one by what is typed ---


def tidy_number(typed: str) -> str:
    """A number as printed: "Số: 2978 / BQP–BĐBP" gives "2978/BQP-BĐBP"."""
    text = typed.replace("–", "-").replace("−", "-").strip()
    if fold(text).startswith("so"):
        text = text[2:].lstrip(" :.")
    for sign in "/-":
        text = sign.join(part.strip() for part in text.split(sign))
    return text.strip()


def reference(document: Document) -> str:
    """What is typed to name this document: its number and the beginning of its subject."""
    text = f"{document.number} {document.subject}".strip()
    return text if len(text) <= 120 else text[:120].rpartition(" ")[0]


def documents_named(user: User, typed: str) -> Any:
    """The documents the person may see that have this number, or else all these words in number and subject."""
    visible = Document.objects.visible_to(user).select_related("issuer")
    number = tidy_number(typed)
    if NUMBER_FORM.match(number):
        exact = visible.filter(search_text__startswith=f"{fold(number)} ")
        if exact.exists():
            return exact
    condition = Q()
    for word in fold(typed).split():
        condition &= Q(search_text__contains=word)
    return visible.filter(condition)


def newest_documents(user: User, count: int) -> list[Document]:
    """The documents issued last, of those the person may see."""
    return list(Document.objects.visible_to(user).select_related("issuer")[:count])


# --- the whole list ---

#: Kinds in the order in which they are declared.
DOCUMENT_KIND_RANK = Case(
    *(When(kind=kind, then=Value(rank)) for rank, kind in enumerate(DocumentKind.values)),
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class DocumentTotals:
    """How many documents, and how many of each kind."""

    count: int = 0
    kinds: tuple[tuple[str, int], ...] = ()


def document_totals(documents: Any) -> DocumentTotals:
    """Counts of a queryset of documents, in one query."""
    counted = dict(documents.order_by().values_list("kind").annotate(n=Count("pk")))
    kinds = tuple((str(kind.label), counted[kind]) for kind in DocumentKind if kind in counted)
    return DocumentTotals(sum(counted.values()), kinds)


# --- the chain ---

#: The same relations, read from the other end.
INVERSE_WORDS: dict[str, Any] = {
    Relation.IMPLEMENTS: _("is implemented by"),
    Relation.BASED_ON: _("is the basis of"),
    Relation.REPLACES: _("is replaced by"),
    Relation.AMENDS: _("is amended by"),
    Relation.ANSWERS: _("is answered by"),
    Relation.ANNEX_OF: pgettext_lazy("document", "has the annex"),
}

# Rows come level by level, so the limit keeps the nearest. A document is placed by its longest way to the one
# asked for, so that it stands beyond everything between the two.
_CHAIN = """
WITH RECURSIVE visible (id) AS NOT MATERIALIZED ({visible}),
up (id, depth) AS (
    SELECT %s::bigint, 0
    UNION
    SELECT link.rests_on_id, up.depth + 1
    FROM up JOIN programs_documentrelation link ON link.document_id = up.id
    WHERE up.depth < %s AND link.rests_on_id <> %s AND link.rests_on_id IN (SELECT visible.id FROM visible)
),
down (id, depth) AS (
    SELECT %s::bigint, 0
    UNION
    SELECT link.document_id, down.depth + 1
    FROM down JOIN programs_documentrelation link ON link.rests_on_id = down.id
    WHERE down.depth < %s AND link.document_id <> %s AND link.document_id IN (SELECT visible.id FROM visible)
),
near_up AS (SELECT id, depth FROM up LIMIT %s),
near_down AS (SELECT id, depth FROM down LIMIT %s),
node AS (
    SELECT 'up' AS side, id, max(depth) AS depth FROM near_up GROUP BY id
    UNION ALL
    SELECT 'down', id, max(depth) FROM near_down GROUP BY id
)
SELECT greatest((SELECT count(*) FROM near_up), (SELECT count(*) FROM near_down)), node.depth,
       node.side, document.id, document.kind, document.number, document.issued_on, document.year,
       document.subject, agency.name, link.kind, other.id
FROM node
JOIN programs_documentrelation link
    ON node.id = CASE node.side WHEN 'up' THEN link.rests_on_id ELSE link.document_id END
JOIN node other ON other.side = node.side AND other.depth < node.depth
    AND other.id = CASE node.side WHEN 'up' THEN link.document_id ELSE link.rests_on_id END
JOIN programs_document document ON document.id = node.id
JOIN territory_agency agency ON agency.id = document.issuer_id
ORDER BY node.side, node.depth, document.issued_on NULLS LAST, document.id, other.depth DESC, link.id
LIMIT 2000
"""


@dataclass
class ChainNode:
    """A document of a chain, how it stands to those nearer to the one asked for, and what lies beyond it."""

    pk: int
    name: str
    when: str
    subject: str
    issuer: str
    words: list[tuple[str, str]] = field(default_factory=list)
    beyond: list["ChainNode"] = field(default_factory=list)


@dataclass(frozen=True)
class DirectRelation:
    """A document one step away, and how the two stand to each other, read from the one asked for."""

    word: str
    node: ChainNode


@dataclass(frozen=True)
class Chain:
    """What a document rests on, up to the roots, and all that came of it, as two trees that begin at it."""

    above: list[ChainNode]
    below: list[ChainNode]
    rests_on: list[DirectRelation]
    led_to: list[DirectRelation]
    is_cut: bool

    @property
    def is_long(self) -> bool:
        """Whether there is more than what is one step away."""
        return any(node.beyond for node in (*self.above, *self.below))


def chain(document: Document, user: User) -> Chain:
    """The chain through a document, of documents the person may see. One query; ends where it turns in a circle."""
    sides: dict[str, dict[int, ChainNode]] = {"up": {}, "down": {}}
    direct: dict[str, list[DirectRelation]] = {"up": [], "down": []}
    roots: dict[str, list[ChainNode]] = {"up": [], "down": []}
    is_cut = False
    for counted, depth, side, pk, *about, kind, other in _chain_rows(document, user):
        is_cut = is_cut or counted >= CHAIN_SIZE or depth >= CHAIN_DEPTH
        nodes = sides[side]
        near = nodes.get(other)
        if near is None and other != document.pk:
            continue
        if pk not in nodes:
            # The first row of a document names the furthest of those it stands beyond.
            nodes[pk] = _node(pk, *about)
            (roots[side] if near is None else near.beyond).append(nodes[pk])
        node = nodes[pk]
        # Above, the row's document is what the nearer one rests on; below it is the other way round.
        word, turned = Relation(kind).label, INVERSE_WORDS[kind]
        node.words.append((str(turned if side == "up" else word), near.name if near else str(document)))
        if near is None:
            direct[side].append(DirectRelation(str(word if side == "up" else turned), node))
    return Chain(roots["up"], roots["down"], direct["up"], direct["down"], is_cut)


def _chain_rows(document: Document, user: User) -> list[Any]:
    visible = Document.objects.visible_to(user).order_by().values("pk")
    try:
        inner, parameters = visible.query.sql_with_params()
    except EmptyResultSet:
        return []
    one_side = [document.pk, CHAIN_DEPTH, document.pk]
    with connection.cursor() as cursor:
        cursor.execute(
            _CHAIN.format(visible=inner), [*parameters, *one_side, *one_side, CHAIN_SIZE, CHAIN_SIZE]
        )
        return list(cursor.fetchall())


def _node(
    pk: int, kind: str, number: str, issued_on: dt.date | None, year: int | None, subject: str, issuer: str
) -> ChainNode:
    name = f"{DocumentKind(kind).label} {number}".strip()
    when = f"{issued_on:%d/%m/%Y}" if issued_on else str(year or "")
    return ChainNode(pk, name, when, subject, issuer)


_BELOW = """
WITH RECURSIVE below (id) AS (
    SELECT %s::bigint
    UNION
    SELECT link.document_id FROM below JOIN programs_documentrelation link ON link.rests_on_id = below.id
)
SELECT id FROM below
"""


def keys_below(document: Document) -> set[int]:
    """The document and every one that rests on it, directly or not, whoever may see them. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [document.pk])
        return {key for (key,) in cursor.fetchall()}
