"""Charts of invented numbers: one of each kind, with places that are missing, suppressed, nil, qualified, in words."""

from __future__ import annotations

from decimal import Decimal

from reporting.charts import STATES, Category, Chart, Series, Value
from territory.figure import Cell, Figure, Qualifier, Status, print_count_vi
from tests.reporting.snapshots import DISTRICTS

POSITIONS = (
    ("14.35", "108.00"),
    ("15.10", "107.70"),
    ("14.70", "107.60"),
    ("14.65", "107.80"),
    ("14.80", "108.30"),
    ("14.50", "108.25"),
    ("14.50", "107.90"),
    ("14.40", "107.70"),
    ("14.90", "107.95"),
    ("14.10", "107.45"),
)
PLACES = tuple(
    Category(name, Decimal(north), Decimal(east))
    for name, (north, east) in zip(DISTRICTS, POSITIONS, strict=True)
)
ABOUT = {
    "unit": "buổi",
    "period": "6 tháng đầu năm 2020",
    "source": "Báo cáo của các huyện, thành phố",
}
MISSING = Value.of(Cell(Status.MISSING, None))
SUPPRESSED = Value.of(Cell(Status.SUPPRESSED, None))
NIL = Value.of(Cell(Status.CONFIRMED_NIL, Figure.exact(0)), nil="không phát sinh")
IN_WORDS = Value.of(
    Cell(Status.REPORTED, Figure(Decimal(100), Decimal(999), Qualifier.WORDS, words="hàng trăm"))
)
ABOUT_FIVE = Value.of(Cell(Status.REPORTED, Figure.about(5)))


def exactly(number: int, printed: str = "") -> Value:
    return Value(Decimal(number), printed or print_count_vi(number))


def of_districts() -> tuple[Value, ...]:
    return (
        exactly(12),
        exactly(9),
        exactly(0),
        exactly(8),
        IN_WORDS,
        ABOUT_FIVE,
        MISSING,
        exactly(7),
        SUPPRESSED,
        NIL,
    )


def bars() -> Chart:
    before = tuple(exactly(number) for number in (10, 11, 3, 6, 6, 4, 2, 7, 1, 0))
    return Chart(
        kind="bars",
        title="Biểu đồ 1. Số buổi tuyên truyền theo đơn vị",
        categories=PLACES,
        series=(Series("6 tháng đầu năm 2020", of_districts()), Series("Cùng kỳ năm 2019", before)),
        **ABOUT,
    )


def ranking() -> Chart:
    return Chart(
        kind="ranking", title="Xếp hạng", categories=PLACES, series=(Series("", of_districts()),), **ABOUT
    )


def trend() -> Chart:
    cases = (
        exactly(12),
        exactly(15),
        MISSING,
        exactly(9),
        Value(Decimal(7), "gần 7", qualifier=Qualifier.NEARLY),
    )
    victims = tuple(exactly(number) for number in (20, 17, 11, 9, 8))
    return Chart(
        kind="trend",
        title="Biểu đồ 2. Số vụ và số nạn nhân qua các năm",
        categories=tuple(Category(str(year)) for year in range(2016, 2021)),
        series=(Series("Số vụ", cases), Series("Số nạn nhân", victims)),
        **ABOUT,
    )


def pipeline() -> Chart:
    stages = ("Tin báo tiếp nhận", "Tin báo giải quyết", "Khởi tố", "Truy tố", "Xét xử")
    counts = (exactly(46, "46 tin"), exactly(44, "44 tin"), exactly(12, "12 vụ"), MISSING, NIL)
    days = (exactly(0, "–"), exactly(18, "18 ngày"), exactly(4, "04 ngày"), MISSING, exactly(31, "31 ngày"))
    return Chart(
        kind="pipeline",
        title="Biểu đồ 3. Từ tin báo đến bản án",
        categories=tuple(Category(stage) for stage in stages),
        series=(Series("Số vụ, việc", counts), Series("Số ngày trung vị", days)),
        **ABOUT,
    )


def shares() -> Chart:
    parts = ("Dưới 16 tuổi", "Từ 16 đến dưới 18 tuổi", "Từ 18 tuổi trở lên", "Không rõ")
    return Chart(
        kind="shares",
        title="Biểu đồ 4. Nạn nhân theo độ tuổi",
        categories=tuple(Category(part) for part in parts),
        series=(
            Series("6 tháng đầu năm 2020", (exactly(1), exactly(3), exactly(4), exactly(0))),
            Series("Cùng kỳ", (exactly(2), exactly(8), exactly(12), SUPPRESSED)),
        ),
        **ABOUT,
    )


def spark() -> Chart:
    values = (exactly(3), exactly(5), MISSING, exactly(8), exactly(4))
    years = tuple(Category(str(year)) for year in range(2016, 2021))
    return Chart(kind="spark", title="Số vụ", categories=years, series=(Series("", values),), **ABOUT)


def heat(rows: int = 10) -> Chart:
    states = list(STATES)
    years = tuple(Category(str(year)) for year in range(2016, 2021))
    return Chart(
        kind="heat",
        title="Tình hình gửi báo cáo",
        categories=years,
        series=tuple(
            Series(
                f"Đơn vị {row + 1}",
                tuple(
                    Value(None, "", Status.MISSING, state=states[(row + at) % len(states)])
                    for at in range(len(years))
                ),
            )
            for row in range(rows)
        ),
        **ABOUT,
    )


def amounts() -> Chart:
    """A heat map of numbers rather than of states."""
    years = tuple(Category(str(year)) for year in range(2016, 2019))
    rows = (
        Series("Huyện Đăk Hà", (exactly(4), MISSING, exactly(0))),
        Series("Huyện Sa Thầy", (NIL, exactly(9), IN_WORDS)),
    )
    return Chart(kind="heat", title="Số vụ", categories=years, series=rows, **ABOUT)


def area_map() -> Chart:
    return Chart(
        kind="map",
        title="Bản đồ số buổi",
        categories=PLACES,
        series=(Series("", of_districts()),),
        **ABOUT,
    )


def every_chart() -> list[Chart]:
    return [bars(), ranking(), trend(), pipeline(), shares(), spark(), heat(), amounts(), area_map()]
