"""Documents for people: the plan book."""
