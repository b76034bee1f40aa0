"""Keys and certificates of the image link: the hub's own small authority, gateways, signatures."""
