"""The link's own TLS port: gateways enrol here and send here."""
