"""Letter 2978/BQP-BĐBP of the Ministry of National Defence and what it cites (facts BQP-01 to BQP-09).

How the border guard commands stand with its tasks is invented. Bắc Kạn has no border and so no such command.
"""

import datetime as dt

from accounts.models import User
from programs.models import Assignment, Document, DocumentKind, Relation
from reporting.demo.cast import DAY, agency
from reporting.demo.programmes import Standing, add_document, add_tasks, load_issuers, relate, stand
from territory.models import Agency, Area, Level

#: Provinces of the demonstration whose border guard received the letter: Kon Tum, Lào Cai, Hà Tĩnh.
RECEIVING = ("62", "10", "42")

TASKS = (
    "Thực hiện Kết luận 13-KL/TW, chương trình của Chính phủ, kế hoạch kèm Quyết định 1058/QĐ-BQP và hai Công văn 3682,"
    " 4790 của Bộ; gắn với các khuyến nghị trong Báo cáo TIP năm 2022.",
    "Bám địa bàn, quản lý đối tượng; tuần tra biên giới, vùng biển, cửa khẩu, đường mòn; phát hiện việc tổ chức xuất,"
    " nhập cảnh trái phép; giải cứu, bảo vệ, chuyển tuyến nạn nhân; cùng Công an triệt phá đường dây.",
    "Xử lý kịp thời tố giác, tin báo, kiến nghị khởi tố; phối hợp để điều tra, truy tố, xét xử đúng pháp luật, đủ sức"
    " răn đe.",
    "Truyền thông cho người dân biên giới, hải đảo, vùng xa và đồng bào dân tộc thiểu số bằng nhiều hình thức; báo, đài"
    " Quân đội tăng thời lượng về chủ đề này.",
    "Báo cáo định kỳ về tình hình và kết quả của đơn vị; gửi số liệu theo mẫu kèm Công văn 3682/BQP-BĐBP.",
    "Dựa vào Quy chế 2548, xây dựng quy chế phối hợp với sở, ngành địa phương về tiếp nhận, xác định và hỗ trợ nạn"
    " nhân, kể cả nạn nhân trong cơ sở kinh doanh dịch vụ.",
    "Đề xuất với địa phương chính sách phát triển vùng khó khăn và việc làm cho người dễ bị mua bán.",
    "Rà soát văn bản pháp luật, kiến nghị hoàn thiện cho phù hợp với cam kết quốc tế; tham mưu thực hiện đúng các cam"
    " kết đó.",
    "Đẩy mạnh hợp tác quốc tế: chia sẻ thông tin, bắt giữ và chuyển giao tội phạm, giải cứu và trao trả nạn nhân qua"
    " biên giới.",
)

_LETTERS = {
    "d": Assignment.State.DONE,
    "p": Assignment.State.IN_PROGRESS,
    "-": Assignment.State.NOT_STARTED,
    "n": Assignment.State.NOT_APPLICABLE,
}
#: One letter a command, in the order of RECEIVING, one word a task.
_STATES = ("pdp", "ppd", "ddp", "dpd", "pdd", "-pp", "p-p", "nd-", "dp-")


def load(people: dict[str, User]) -> None:
    issuers = load_issuers()
    letter = _letter(issuers)
    tellers = {"62": people["bien-phong.kontum@demo.example"]}
    units = [
        (agency(f"{code}-border_guard"), Area.objects.find(code, DAY, Level.PROVINCE)) for code in RECEIVING
    ]
    for task, states in zip(add_tasks(letter, TASKS, lead=issuers["defence"]), _STATES, strict=True):
        standings = [
            Standing(unit, area, _LETTERS[letter_], dt.date(2022, 12, 1), tellers.get(area.code))
            for (unit, area), letter_ in zip(units, states, strict=True)
        ]
        stand("BQP-02", task, standings)


def _letter(issuers: dict[str, Agency]) -> Document:
    """The letter with the documents it cites. Its day is not in the source, only that it was out by September 2022."""
    defence = issuers["defence"]
    letter = add_document(
        issuer=defence,
        number="2978/BQP-BĐBP",
        year=2022,
        kind=DocumentKind.OFFICIAL_LETTER,
        subject="tăng cường công tác phòng, chống mua bán người",
        note="Nguồn đăng ngày 20/09/2022; ngày ban hành chưa rõ.",
    )
    cited = {
        add_document(
            issuer=issuers["party"],
            number="13-KL/TW",
            year=2021,
            kind=DocumentKind.CONCLUSION,
            subject="Kết luận của Bộ Chính trị được dẫn trong Công văn 2978/BQP-BĐBP",
            issued_on=dt.date(2021, 8, 16),
        ): Relation.IMPLEMENTS,
        add_document(
            issuer=defence,
            number="1058/QĐ-BQP",
            year=2021,
            kind=DocumentKind.DECISION,
            subject="ban hành Kế hoạch phòng, chống mua bán người giai đoạn 2021 - 2025 và định hướng đến năm 2030",
            issued_on=dt.date(2021, 4, 14),
            signer_position="Bộ trưởng",
        ): Relation.IMPLEMENTS,
        add_document(
            issuer=defence,
            number="3682/BQP-BĐBP",
            year=2021,
            kind=DocumentKind.OFFICIAL_LETTER,
            subject="tăng cường thực hiện công tác phòng, chống mua bán người",
            issued_on=dt.date(2021, 9, 22),
            note="Phụ lục là mẫu thống kê số liệu về phòng, chống mua bán người.",
        ): Relation.IMPLEMENTS,
        add_document(
            issuer=defence,
            number="4790/BQP-BĐBP",
            year=2021,
            kind=DocumentKind.OFFICIAL_LETTER,
            subject="tăng cường các biện pháp phòng, chống mua bán người",
            issued_on=dt.date(2021, 12, 1),
        ): Relation.IMPLEMENTS,
        _coordination_rules(issuers): Relation.BASED_ON,
        add_document(
            issuer=issuers["foreign_body"],
            year=2022,
            kind=DocumentKind.REPORT,
            subject="Báo cáo tình hình mua bán người (TIP) năm 2022",
            note="Các khuyến nghị được gắn với nhiệm vụ của Công văn 2978/BQP-BĐBP.",
        ): Relation.BASED_ON,
    }
    for document, relation in cited.items():
        relate(letter, document, relation)
    return letter


def _coordination_rules(issuers: dict[str, Agency]) -> Document:
    """The rules that four ministries issued together; the first named leads."""
    rules = add_document(
        issuer=issuers["labour_ministry"],
        number="2548/QCPH-LĐTBXH-CA-QP-NG",
        year=2022,
        kind=DocumentKind.COORDINATION_RULES,
        subject="phối hợp tiếp nhận, bảo vệ và hỗ trợ nạn nhân bị mua bán",
        issued_on=dt.date(2022, 7, 18),
    )
    if not rules.co_issuers.exists():
        rules.co_issuers.set([issuers[code] for code in ("public_security", "defence", "foreign_affairs")])
    return rules
