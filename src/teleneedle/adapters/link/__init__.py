"""The image link: spool, layout, wire, codec and order of sending between a gateway and the hub."""
