"""Content-addressed objects: what is stored is named by its SHA-256, never by a name from outside."""
