"""Everything that touches a file, a format, a network or a foreign library type."""
