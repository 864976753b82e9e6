"""The kinds of blocks a layout may hold, each made into blocks of the snapshot."""

from reporting.building.blocks.kinds import KINDS, BlockKind

__all__ = ["KINDS", "BlockKind"]
