"""Use cases: they orchestrate engines and ports and do no I/O of their own."""
