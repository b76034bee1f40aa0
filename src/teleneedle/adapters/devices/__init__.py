"""The device library: one TOML file per applicator, with provenance; a site's folder comes first."""
