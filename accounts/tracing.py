"""What a log may say of a failure."""

import traceback


def where_it_failed(error: BaseException | None) -> str:
    """The lines of code an error came through, without its message: a database's message repeats what was typed."""
    told = ""
    while error is not None:
        told += f"\n{type(error).__name__}:\n{''.join(traceback.format_tb(error.__traceback__))}"
        error = error.__cause__ or error.__context__
    return told.rstrip()
