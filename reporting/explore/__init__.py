"""Free tables of figures: what an address asks for, the pivot and the charts of it, and the files.

The question and its answer are those of the statistics API (`reporting.statistics`), so every cell goes through the
disclosure layer and holds what the API tells the same reader.
"""

from reporting.explore.look import Dimension, Look, read_look
from reporting.explore.pivot import Pivot

__all__ = ["Dimension", "Look", "Pivot", "read_look"]
