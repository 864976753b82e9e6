"""A full snapshot in the manner of Kon Tum, first half of 2020. Names of people are left out; texts are ours."""

from __future__ import annotations

from typing import Any

DISTRICTS = (
    "Thành phố Kon Tum",
    "Huyện Đăk Glei",
    "Huyện Ngọc Hồi",
    "Huyện Đăk Tô",
    "Huyện Kon Plông",
    "Huyện Kon Rẫy",
    "Huyện Đăk Hà",
    "Huyện Sa Thầy",
    "Huyện Tu Mơ Rông",
    "Huyện Ia H'Drai",
)


def figure(indicator: str, name: str, unit: str, printed: str, **changes: Any) -> dict[str, Any]:
    """One figure of the province for the half-year, exact unless `changes` say otherwise."""
    value = printed.split(maxsplit=1)[0].replace(".", "")
    exact = value.isdecimal()
    return {
        "indicator": indicator,
        "name": name,
        "unit": unit,
        "area": "62",
        "period": "2020-H1",
        "by": {},
        "status": "reported",
        "qualifier": "exact" if exact else "words",
        "low": str(int(value)) if exact else "100",
        "high": str(int(value)) if exact else "999",
        "words": None if exact else printed,
        "printed": printed,
        "coverage": {"expected": 10, "reported": 9, "nil": 8},
        "source": "records",
        "records": [],
    } | changes


def paragraph(text: str, *figures: str) -> dict[str, Any]:
    return {"text": text, "figures": list(figures)}


def column(title: str, align: str = "right", is_header: bool = False) -> dict[str, Any]:
    return {"title": title, "align": align, "is_header": is_header}


def awareness_table() -> dict[str, Any]:
    """Ten districts and a total; the silent one shows no number."""
    counts = [(12, 860), (9, 645), (11, 790), (8, 512), (6, 388), (5, 301), (10, 702), (7, 455), (4, 268)]
    rows = [
        {
            "cells": [f"{at}", name, f"{talks:02d}", f"{people:,}".replace(",", "."), "Đã báo cáo"],
            "is_total": False,
        }
        for at, (name, (talks, people)) in enumerate(zip(DISTRICTS, counts, strict=False), start=1)
    ]
    rows.append({"cells": ["10", DISTRICTS[-1], "…", "…", "Chưa báo cáo"], "is_total": False})
    rows.append({"cells": ["", "Toàn tỉnh", "72", "4.921", "09/10 đơn vị"], "is_total": True})
    return {
        "type": "table",
        "caption": "Bảng 1. Tuyên truyền trực tiếp tại các huyện, thành phố",
        "columns": [
            column("TT", "center"),
            column("Đơn vị", "left", True),
            column("Số buổi"),
            column("Lượt người tham dự"),
            column("Tình trạng báo cáo", "left"),
        ],
        "rows": rows,
        "notes": [
            "Ghi chú: dấu “…” là chưa có số liệu, không phải bằng không. Lượt người không phải là số người."
        ],
    }


def comparison_table() -> dict[str, Any]:
    lines = [
        ("Số vụ đang điều tra", "vụ", "02", "01", "-01"),
        ("Số bị can trong các vụ đang điều tra", "bị can", "03", "0", "-03"),
        ("Số vụ mới phát hiện", "vụ", "01", "0", "-01"),
        ("Số nạn nhân được xác định", "người", "02", "0", "-02"),
        ("Lớp tập huấn", "lớp", "04", "06", "+02"),
    ]
    return {
        "type": "comparison",
        "caption": "Bảng 2. So sánh với cùng kỳ năm trước",
        "columns": [
            column("Chỉ tiêu", "left", True),
            column("Đơn vị tính", "center"),
            column("6 tháng đầu năm 2019"),
            column("6 tháng đầu năm 2020"),
            column("Tăng, giảm"),
        ],
        "rows": [{"cells": list(line), "is_total": False} for line in lines],
        "notes": [],
    }


def figures() -> dict[str, Any]:
    return {
        "f1": figure(
            "cases_under_investigation",
            "Số vụ đang điều tra",
            "vụ",
            "01 vụ",
            records=["incidents.case:12"],
        ),
        "f2": figure("accused", "Số bị can", "bị can", "0 bị can"),
        "f3": figure("cases_detected", "Số vụ mới phát hiện", "vụ", "0 vụ", status="confirmed_nil"),
        "f4": figure("media_items", "Tin, bài", "tin, bài", "hàng trăm tin, bài", source="submissions"),
        "f5": figure("border_stops", "Lượt người bị ngăn chặn", "lượt người", "hàng trăm lượt người"),
        "f6": figure("talks", "Buổi tuyên truyền", "buổi", "72 buổi"),
        "f7": figure("attendances", "Lượt người tham dự", "lượt người", "4.921 lượt người"),
        "f8": figure("training", "Lớp tập huấn", "lớp", "06 lớp"),
    }


def sections() -> list[dict[str, Any]]:
    return [
        {
            "number": "I",
            "title": "Tình hình tội phạm mua bán người",
            "blocks": [
                {
                    "type": "paragraphs",
                    "paragraphs": [
                        paragraph(
                            "Trong kỳ báo cáo, trên địa bàn tỉnh không phát sinh vụ việc mới (0 vụ mới phát hiện, các "
                            "đơn vị đã xác nhận). Cơ quan Cảnh sát điều tra Công an tỉnh tiếp tục điều tra 01 vụ mua "
                            "bán người theo Điều 150 Bộ luật Hình sự chuyển từ kỳ trước sang, chưa khởi tố người nào "
                            "(0 bị can).",
                            "f1",
                            "f2",
                            "f3",
                        ),
                        paragraph(
                            "Tuyến biên giới dài, nhiều đường mòn, lối mở; người dân hai bên có quan hệ thân tộc nên "
                            "việc qua lại thường xuyên và khó kiểm soát. Lực lượng biên phòng đã ngăn chặn hàng trăm "
                            "lượt người xuất cảnh, nhập cảnh trái phép hoặc vi phạm quy chế biên giới.",
                            "f5",
                        ),
                    ],
                }
            ],
        },
        {
            "number": "II",
            "title": "Kết quả thực hiện công tác phòng, chống mua bán người",
            "blocks": [
                {"type": "heading", "number": "1", "text": "Công tác chỉ đạo, triển khai"},
                {
                    "type": "documents",
                    "lead": "Ban Chỉ đạo đã tham mưu Ủy ban nhân dân tỉnh ban hành các văn bản sau:",
                    "documents": [
                        {
                            "printed": "Kế hoạch số 41/KH-UBND ngày 07 tháng 02 năm 2020 của Ủy ban nhân dân tỉnh về "
                            "phòng, chống mua bán người năm 2020;"
                        },
                        {
                            "printed": "Công văn số 186/CAT-PC02 ngày 12 tháng 3 năm 2020 của Công an tỉnh về tăng "
                            "cường nắm tình hình tuyến biên giới."
                        },
                    ],
                },
                {"type": "heading", "number": "2", "text": "Công tác tuyên truyền, tập huấn"},
                {
                    "type": "paragraphs",
                    "paragraphs": [
                        paragraph(
                            "Các huyện, thành phố tổ chức 72 buổi tuyên truyền trực tiếp với 4.921 lượt người tham dự. "
                            "Bộ đội Biên phòng tỉnh phối hợp với các cơ quan báo chí đăng, phát hàng trăm tin, bài về "
                            "phòng, chống tội phạm, trong đó có tội phạm mua bán người; mở 06 lớp tập huấn cho cán bộ "
                            "các đồn biên phòng.",
                            "f4",
                            "f6",
                            "f7",
                            "f8",
                        )
                    ],
                },
                awareness_table(),
                {
                    "type": "silent_units",
                    "period": "6 tháng đầu năm 2020",
                    "expected": 10,
                    "reported": 9,
                    "nil": 8,
                    "missing": ["Huyện Ia H'Drai"],
                    "text": "Tính đến hạn gửi báo cáo, 09/10 đơn vị cấp huyện đã báo cáo, trong đó 08 đơn vị báo cáo "
                    "không phát sinh vụ việc. Số liệu toàn tỉnh không gồm đơn vị chưa báo cáo.",
                },
                {"type": "heading", "number": "3", "text": "Công tác điều tra, truy tố, xét xử"},
                {"type": "heading", "number": "a", "text": "So sánh với cùng kỳ", "level": 4},
                comparison_table(),
                {"type": "heading", "number": "4", "text": "Tiếp nhận, bảo vệ, hỗ trợ nạn nhân"},
                {
                    "type": "bullets",
                    "items": [
                        "Công an tỉnh và Sở Lao động - Thương binh và Xã hội cùng rà soát quy trình tiếp nhận, xác "
                        "minh nạn nhân trở về.",
                        "Duy trì đường dây nóng 111 và danh bạ đầu mối tại các huyện biên giới.",
                    ],
                },
            ],
        },
        {
            "number": "III",
            "title": "Khó khăn, vướng mắc",
            "blocks": [
                {
                    "type": "bullets",
                    "items": [
                        "Địa bàn rộng, địa hình chia cắt, thông tin từ cơ sở đến chậm.",
                        "Rất ít cán bộ sử dụng được tiếng Lào, tiếng Khmer trong công tác phối hợp với lực lượng "
                        "chức năng tỉnh Ratanakiri (Campuchia) và tỉnh Attapeu (Lào).",
                        "Kỹ năng nhận diện nạn nhân của một số cán bộ cấp xã còn hạn chế.",
                    ],
                }
            ],
        },
        {
            "number": "IV",
            "title": "Phương hướng, nhiệm vụ 6 tháng cuối năm",
            "blocks": [
                {
                    "type": "bullets",
                    "items": [
                        "Công an tỉnh chủ trì, phối hợp với Bộ đội Biên phòng, Viện kiểm sát nhân dân và Tòa án nhân "
                        "dân hai cấp đẩy nhanh tiến độ giải quyết vụ án đang điều tra.",
                        "Hội Liên hiệp Phụ nữ tỉnh nhân rộng các buổi truyền thông bằng tiếng dân tộc thiểu số tại "
                        "các xã biên giới.",
                        "Sở Lao động - Thương binh và Xã hội bảo đảm mọi nạn nhân trở về được tư vấn trong vòng ba "
                        "ngày làm việc.",
                    ],
                }
            ],
        },
    ]


def kon_tum() -> dict[str, Any]:
    """A fresh copy of the report; change it as the test needs."""
    return {
        "schema": 1,
        "template": {"code": "six_month", "version": 1},
        "generated_at": "2026-11-21T12:00:00+00:00",
        "area": {"code": "62", "level": "province", "name": "Tỉnh Kon Tum"},
        "period": {
            "code": "2020-H1",
            "start": "2019-12-15",
            "end": "2020-06-14",
            "rule": "ND09/2019",
            "printed": "6 tháng đầu năm 2020",
        },
        "map": "then",
        "document": {
            "parent_body": "Ủy ban nhân dân tỉnh Kon Tum",
            "body": "Ban Chỉ đạo 138 tỉnh",
            "number": 15,
            "symbol": "BC-BCĐ",
            "place": "Kon Tum",
            "date": "2020-06-15",
            "title": "BÁO CÁO",
            "subject": "Kết quả công tác phòng, chống mua bán người 6 tháng đầu năm 2020",
            "opening": [
                "Thực hiện Chương trình phòng, chống mua bán người giai đoạn 2016 - 2020, Ban Chỉ đạo 138 tỉnh Kon "
                "Tum báo cáo kết quả công tác 6 tháng đầu năm 2020 (số liệu từ ngày 15 tháng 12 năm 2019 đến ngày 14 "
                "tháng 6 năm 2020) như sau:"
            ],
            "closing": [
                "Trên đây là kết quả công tác phòng, chống mua bán người 6 tháng đầu năm 2020 của tỉnh, Ban Chỉ đạo "
                "138 tỉnh kính báo cáo."
            ],
            "signer": {"authority": "TM. Ban Chỉ đạo", "position": "Trưởng ban", "name": ""},
            "recipients": [
                "Ban Chỉ đạo 138/CP",
                "Thường trực Tỉnh ủy",
                "Lãnh đạo Ủy ban nhân dân tỉnh",
                "Các thành viên Ban Chỉ đạo 138 tỉnh",
                "Ủy ban nhân dân các huyện, thành phố",
            ],
            "archive": "VT, PC02",
            "is_demo": True,
            "state": "issued",
        },
        "sections": sections(),
        "figures": figures(),
    }


def annex(rows: int = 40, *, number: str = "I") -> dict[str, Any]:
    """A table by commune with two lines of headings and a total."""
    titles = ("Số buổi", "Lượt người", "Vụ", "Bị can", "Nạn nhân", "Được hỗ trợ")
    return {
        "type": "annex",
        "number": number,
        "title": "Số liệu theo đơn vị cấp xã",
        "caption": "Số liệu từ 15/12/2019 đến 14/6/2020",
        "groups": [
            {"title": "", "span": 2},
            {"title": "Tuyên truyền", "span": 2},
            {"title": "Điều tra", "span": 2},
            {"title": "Hỗ trợ", "span": 2},
        ],
        "columns": [
            column("TT", "center"),
            column("Đơn vị", "left", True),
            *(column(title) for title in titles),
        ],
        "rows": [
            {
                "cells": [
                    f"{at}",
                    f"Xã Thử {at}",
                    *(f"{(at * 7 + place * 13) % 97:02d}" for place in range(5)),
                    "…",
                ],
                "is_total": False,
            }
            for at in range(1, rows + 1)
        ]
        + [{"cells": ["", "Tổng cộng", *["1.234"] * 6], "is_total": True}],
        "notes": ["Dấu “…” là chưa có số liệu."],
    }


def full_report(*charts: dict[str, Any], state: str = "issued") -> dict[str, Any]:
    """The report with everything a report can hold: charts, an annex, a revision, approvals, a code to check it by."""
    snapshot = kon_tum()
    document = snapshot["document"]
    document["state"] = state
    document["verification"] = {
        "code": "KTU7-4QX2-9MLA",
        "url": "https://portal.example/verify/KTU7-4QX2-9MLA",
        "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    }
    document["revision"] = {"number": 1, "of": "Báo cáo số 12/BC-BCĐ ngày 15 tháng 6 năm 2020"}
    document["signer"] = {
        "authority": "TM. Ban Chỉ đạo",
        "position": "KT. Trưởng ban\nPhó Trưởng ban",
        "name": "Người Ký Thử",
    }
    snapshot["sections"][1]["blocks"] += charts
    snapshot["sections"][3]["blocks"] += [
        {
            "type": "differences",
            "caption": "Thay đổi so với bản trước",
            "differences": [
                {"what": "Số buổi tuyên truyền", "before": "70 buổi", "after": "72 buổi"},
                {"what": "Lớp tập huấn", "before": "", "after": "06 lớp"},
            ],
        },
        {
            "type": "approvals",
            "caption": "Quá trình duyệt",
            "steps": [
                {
                    "step": "Soạn thảo",
                    "name": "Người Soạn Thử",
                    "position": "Chuyên viên",
                    "date": "12/6/2020",
                }
            ],
        },
    ]
    snapshot["sections"].append({"number": "", "title": "Phụ lục", "blocks": [annex()]})
    return snapshot
