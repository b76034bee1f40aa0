"""A case is the fold of its events: what happened, what may happen next, what approval binds."""
