"""How often something may be asked for in a minute."""

#: Requests a minute that each web process answers: of one person, and of one address (accounts/rates.py). With two
#: processes a person whose requests reach both may have up to twice as many, with three up to thrice.
BY_KIND_OF_PAGE: dict[str, tuple[int | None, int | None]] = {
    "page": (600, None),
    "file": (30, 600),
    "search": (60, 600),
    "identity": (10, 120),
    "report": (20, 120),
    "public": (None, 300),
}
