"""Choose what to measure: national (the default), demo, many, search, reports, batch, upload or row-security.

make bench ARGS="national --scale 0.1"
"""

import os
import runpy
import sys

#: What each word runs. "national" and what it starts need the settings before anything is imported.
_MODULES = {
    "demo": "benchmarks.run",
    "many": "benchmarks.many_activities",
    "search": "benchmarks.search",
    "reports": "benchmarks.reports",
    "batch": "benchmarks.batch",
    "upload": "benchmarks.upload",
    "row-security": "benchmarks.row_security",
}


def main() -> int:
    what = sys.argv.pop(1) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else "national"
    if what in _MODULES:
        runpy.run_module(_MODULES[what], run_name="__main__")
        return 0
    if what not in ("national", "export"):
        print(f"There is no benchmark {what}. There are: national, {', '.join(_MODULES)}.", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["PCMBN_DATABASE_NAME"] = "portal_national"
    import django

    django.setup()
    from benchmarks import inside, national

    return inside.main() if what == "export" else national.main()


if __name__ == "__main__":
    sys.exit(main())
