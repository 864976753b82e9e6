"""The results as tables in docs/performance.md, between its two marks."""

from typing import Any

from benchmarks.portal import PROJECT

DOCUMENT = PROJECT / "docs" / "performance.md"
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"


def write_table(by_scale: dict[str, Any]) -> None:
    """Put the tables of all scales that were measured into the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    told = "\n\n".join(_told(scale, by_scale) for scale in sorted(by_scale, key=float, reverse=True))
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{told}\n\n{END}{after}", encoding="utf-8")


def _told(scale: str, by_scale: dict[str, Any]) -> str:
    results = by_scale[scale]
    machine = ", ".join(f"{name} {value}" for name, value in results["machine"].items())
    smaller = by_scale.get("0.1", {}).get("paths", {}) if scale == "1" else {}
    lines = [
        f"### Scale {scale}",
        "",
        f"Machine: {machine}. Median of {results['runs']} runs.",
        "",
        "| path | ms | SQL (at most) | own floor, ms | x own floor | x bare list (goal) | answers |"
        + (" growth from 0.1, of the bare lists (1.3) |" if smaller else ""),
        "|---|---|---|---|---|---|---|" + ("---|" if smaller else ""),
    ]
    for name, each in results["paths"].items():
        if "cut" in each:
            lines.append(f"| {name} | cut: {each['cut']} | | | | | |{' |' if smaller else ''}")
            continue
        most = f" ({each['most_statements']})" if each["most_statements"] else ""
        goal = f" ({each['goal']:g})" if each["goal"] else ""
        answers = {True: "agree", False: "differ", None: "not compared"}[each["agrees"]]
        cells = [
            name,
            f"{each['milliseconds']:.1f}",
            f"{each['statements'] or '-'}{most}",
            _number(each["floor"]),
            _number(each["in_floors"]),
            f"{each['in_bare_lists']:.2f}{goal}",
            answers,
        ]
        if smaller:
            small = smaller.get(name)
            before = small.get("in_bare_lists") if small else None
            cells.append(f"{each['in_bare_lists'] / before:.2f}" if before else "-")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", *_others(results)])


def _others(results: dict[str, Any]) -> list[str]:
    lines = ["| other | measured | goal |", "|---|---|---|"]
    for name, told in (("rollup", _rollup), ("report", _report), ("export", _export), ("import", _import)):
        part = results.get(name)
        if part is not None:
            lines += [f"| {name} | cut: {part['cut']} | |"] if "cut" in part else told(part)
    memory = results["worker_megabytes"]
    after, idle = max(memory["after"]), max(memory["idle"])
    lines.append(f"| memory of a web worker after all paths | {after} MB (idle {idle}) | 200 MB |")
    return lines


def _rollup(rollup: dict[str, float]) -> list[str]:
    overhead = rollup["write_with_marks"] / rollup["write_plain"]
    lag = rollup["recompute_after_a_write"]
    return [
        f"| write with marks against the plain insert | {overhead:.2f} x | 1.25 x |",
        *_writers(rollup),
        f"| lag of the roll-up: work after a write, and at most 2 s of waiting before | {lag:.2f} s | 5 s |",
        f"| full rebuild of the facts | {rollup['full_rebuild']:.1f} s | 120 s at scale 1 |",
        f"| facts that differ from the records after it | {rollup['differences']:.0f} | 0 |",
    ]


def _report(report: dict[str, float]) -> list[str]:
    printed = report["print"] / report["weasyprint_alone"]
    whole = report["snapshot"] + report["print"]
    return [
        f"| six-month report, file, against WeasyPrint alone | {printed:.2f} x | 1.5 x |",
        f"| the same with its figures | {whole / report['weasyprint_alone']:.2f} x ({whole:.2f} s) | |",
    ]


def _export(export: dict[str, float]) -> list[str]:
    return [
        f"| Excel export of {export['rows']:,} rows | {export['megabytes_over_idle']} MB over idle,"
        f" {export['seconds']} s | 150 MB |",
        *(
            f"| first byte of it over HTTP, as {name} | {export[f'{kind}_first_byte']} s | 1 s |"
            for kind, name in (("xlsx", "a workbook"), ("csv", "CSV"))
            if f"{kind}_first_byte" in export
        ),
    ]


def _import(found: dict[str, Any]) -> list[str]:
    return [
        f"| Excel import of {found['rows']:,} rows: checked, stored | {found['check']} s, {found['store']} s"
        f" ({found['peak_mb']['store']} MB) | |"
    ]


def _writers(rollup: dict[str, float]) -> list[str]:
    if "writers_at_once" not in rollup:
        return []
    return [
        f"| 16 writers of the same keys at once, transactions of 30 ms: waits for a lock |"
        f" {rollup['waits_for_locks']:.0f} ({rollup['writers_at_once']:.1f} s; one alone"
        f" {rollup['writer_alone']:.1f} s) | 0 |"
    ]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
