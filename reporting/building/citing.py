"""Documents as a report cites them, and those it rests on."""

from django.db.models import Q
from django.utils.translation import override

from programs.models import Document, DocumentKind, DocumentRelation, Programme, Relation
from reporting.rendering.snapshot import citation
from territory.models import Area
from territory.period import Period

_REASON = "a report cites the documents it rests on"


def cite_document(document: Document, *, with_subject: bool = True) -> str:
    """Kind, number, date, issuer and subject, as at a first citation (Decree 30/2020)."""
    with override("vi"):
        kind = str(DocumentKind(document.kind).label)
    subject = document.subject.strip()
    issuer = document.issuer.name
    if subject.startswith(kind):
        if not document.number:
            return f"{subject} của {issuer}"
        subject = ""
    if subject and not subject.startswith(_SAYS_WHAT_IT_DOES):
        subject = f"về việc {subject}" if subject.startswith(_NAMES_WORK) else f"về {subject}"
    return citation(
        kind=kind,
        number=document.number,
        day=document.issued_on,
        issuer=issuer,
        subject=subject if with_subject else "",
    )


#: How a subject starts that follows the issuer without a word between, and one that is a piece of work.
_SAYS_WHAT_IT_DOES = ("về ", "ban hành ", "đề nghị ", "yêu cầu ", "phê duyệt ")
_NAMES_WORK = ("tăng cường ", "thực hiện ", "triển khai ", "chỉ đạo ", "tiếp nhận", "phối hợp ", "tổ chức ")


def requests_of(area: Area, period: Period) -> list[Document]:
    """The documents that the area's report on the period answers, the earliest first, then the undated."""
    answering = DocumentRelation.objects.filter(
        Q(document__issued_on__gt=period.start, document__issued_on__year__lte=period.end.year + 1)
        | Q(document__issued_on=None, document__year__in=[period.end.year, period.end.year + 1]),
        kind=Relation.ANSWERS,
        document__kind=DocumentKind.REPORT,
        document__area=area,
    )
    keys = answering.values_list("rests_on", flat=True)
    found = Document.objects.unscoped(_REASON).filter(pk__in=list(keys)).select_related("issuer")
    return sorted(found, key=lambda each: (each.issued_on is None, each.issued_on, each.pk))


def basis_of(area: Area, period: Period) -> list[str]:
    """What a report rests on, cited: the requests it answers, else the decision of the programme it belongs to."""
    requests = requests_of(area, period)
    if requests:
        return [cite_document(document) for document in requests]
    programme = (
        Programme.objects.filter(
            starts_on__lte=period.end, ends_on__gte=period.end, legal_basis__isnull=False
        )
        .order_by("-starts_on")
        .first()
    )
    if programme is None or programme.legal_basis_id is None:
        return []
    decision = Document.objects.unscoped(_REASON).select_related("issuer").get(pk=programme.legal_basis_id)
    return [cite_document(decision)]
