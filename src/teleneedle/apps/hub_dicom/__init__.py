"""The hub's DICOM port for workstations, a process of its own."""
