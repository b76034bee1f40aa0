"""DICOM over its own network protocol: the receiving side written lean, the asking side on pynetdicom."""
