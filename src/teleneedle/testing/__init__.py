"""Shipped for tests and demonstrations: phantom patients and fakes."""
