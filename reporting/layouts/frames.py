"""The frame of a document by level: who issues it, signs it, and who receives it."""

from reporting.layouts.pieces import Layout

PROVINCE: Layout = {
    "title": "BÁO CÁO",
    "symbol": "BC-BCĐ",
    "parent_kind": "provincial_committee",
    "issuer": "BAN CHỈ ĐẠO 138",
    "acting": "Ban Chỉ đạo 138",
    "signer": {"authority": "TM. BAN CHỈ ĐẠO", "position": "TRƯỞNG BAN", "name": ""},
    "recipients": [
        "Ban Chỉ đạo 138/CP (để báo cáo)",
        "Thường trực Tỉnh ủy, HĐND, UBND tỉnh (để báo cáo)",
        "Thành viên Ban Chỉ đạo 138 tỉnh",
        "Các sở, ban, ngành, đoàn thể của tỉnh",
        "Ban Chỉ đạo 138 các huyện, thành phố",
    ],
    "archive": "VT, PC02",
}

DISTRICT: Layout = {
    "title": "BÁO CÁO",
    "symbol": "BC-UBND",
    "parent_kind": "",
    "issuer": "ỦY BAN NHÂN DÂN {AREA}",
    "acting": "Ủy ban nhân dân {area}",
    "signer": {"authority": "TM. ỦY BAN NHÂN DÂN", "position": "CHỦ TỊCH", "name": ""},
    "recipients": ["Công an tỉnh", "Công an {unit}"],
    "archive": "VT, UBND",
}

NATION: Layout = {
    **PROVINCE,
    "parent_kind": "",
    "issuer": "BAN CHỈ ĐẠO 138/CP",
    "acting": "Ban Chỉ đạo 138/CP",
    "place": "Hà Nội",
    "recipients": ["Thủ tướng Chính phủ (để báo cáo)", "Thành viên Ban Chỉ đạo 138/CP"],
    "archive": "VT",
}

#: A report of the body that issued the document it is about.
ISSUER: Layout = {
    "title": "BÁO CÁO",
    "symbol": "BC-{symbol}",
    "parent_kind": "",
    "issuer": "{ISSUER}",
    "acting": "{issuer}",
    "place": "Hà Nội",
    "signer": {"authority": "", "position": "THỦ TRƯỞNG CƠ QUAN", "name": ""},
    "recipients": ["Các đơn vị được giao nhiệm vụ", "Ban Chỉ đạo 138/CP (để báo cáo)"],
    "archive": "VT",
}
