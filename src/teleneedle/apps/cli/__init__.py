"""The command line ``teleneedle``."""
