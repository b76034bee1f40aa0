"""Durable jobs: rows first, work second, on any executor."""
