"""Segmentation engines with learned weights: chosen by configuration, offline, hash-checked."""
