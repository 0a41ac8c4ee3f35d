"""Writes of channels. None commits, none reads the clock: an edge opens the transaction and says ``at`` and ``by``."""

from portal.channels.operations.declaring import (
    announce_maintenance,
    bring_back,
    channel_target,
    go_live,
    note_element,
    refuse_channel,
    report_down,
    sign_golive,
    stop,
)
from portal.channels.operations.listing import list_channels
from portal.channels.operations.probes import count_probes, record_probes
from portal.channels.operations.writing import channel_now, rebuild_channels

__all__ = [
    "announce_maintenance",
    "bring_back",
    "channel_now",
    "channel_target",
    "count_probes",
    "go_live",
    "list_channels",
    "note_element",
    "rebuild_channels",
    "record_probes",
    "refuse_channel",
    "report_down",
    "sign_golive",
    "stop",
]
