"""Pure functions of core types. Engines do not import each other."""
