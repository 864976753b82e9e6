"""Synthetic records of the whole nation, to measure with. Nothing here is real, and none of it lies beside what is.

``fill`` makes them in an empty database on whatever map that holds; ``database`` keeps that database apart. The same
seed makes the same rows on the same map. Rows are written by COPY with all triggers off: each row brings what a
trigger would have set, no history is kept of made-up rows, and the facts are summed once when all is there.
"""

from reporting.national.filling import Filled, Plan, fill

__all__ = ["Filled", "Plan", "fill"]
