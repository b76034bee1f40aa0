"""Protocols that have at least two implementations."""
