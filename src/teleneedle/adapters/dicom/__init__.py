"""DICOM in and out: reading CT (`read_ct`, `inspect_input`) and writing derived objects."""
