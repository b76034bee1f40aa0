"""Foreign bytes are decoded in a child process; this package starts it, watches it and takes its answer."""
