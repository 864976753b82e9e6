"""The first catalogue of indicators. It is data: `load_catalogue` writes it, administrators go on from there.

Units and order follow the blocks of the reports in use; sources are named in the portal's domain notes.
"""

from reporting.catalogue.communication import COMMUNICATION
from reporting.catalogue.cooperation import COOPERATION
from reporting.catalogue.entries import Entry
from reporting.catalogue.justice import JUSTICE
from reporting.catalogue.situation_and_steering import SITUATION_AND_STEERING
from reporting.catalogue.victims import VICTIMS

INDICATORS: list[Entry] = [*SITUATION_AND_STEERING, *COMMUNICATION, *JUSTICE, *VICTIMS, *COOPERATION]

__all__ = ["INDICATORS"]
