"""Teleneedle: plan, guide and check image-guided ablation and seed implantation over a network.

Research software, not a medical device.
"""

__version__ = "0.1.0"
RESEARCH_STATEMENT_EN = "Research software, not a medical device"
RESEARCH_STATEMENT_ZH = "科研软件，非医疗器械"
