"""A line between a hospital and the hub, emulated in user space: rate, delay, loss, cuts and NAT rebinds.

As root it is made of network namespaces joined by TUN devices, so that real TCP meets real packets; without
root a TCP relay on the loopback device takes its place behind the same interface.
"""

from teleneedle.testing.line.line import Line
from teleneedle.testing.line.opened import OpenLine, can_use_namespaces, open_line

__all__ = ["Line", "OpenLine", "can_use_namespaces", "open_line"]
