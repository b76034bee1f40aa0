"""DICOMweb on stored series: originals kept byte for byte, searched and sent (PS3.18)."""
