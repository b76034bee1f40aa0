"""Cases as HL7 FHIR R4 resources, for reading."""
