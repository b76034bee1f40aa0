"""The hub: composition root and HTTP routes."""
