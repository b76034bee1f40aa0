"""Composition roots: command line and child processes."""
