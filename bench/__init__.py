"""Benchmarks: figures with bars, written as JSON."""
