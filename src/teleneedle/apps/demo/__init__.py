"""The demonstration: one centre, three hospitals, synthetic patients, set up as a user would."""
