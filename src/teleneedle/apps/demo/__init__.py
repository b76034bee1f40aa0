"""The demonstration: one centre, three hospitals, synthetic patients, set up through the hub's own interface."""
