"""The hub's database: tables and the stores on them."""
