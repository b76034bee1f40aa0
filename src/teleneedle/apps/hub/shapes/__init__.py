"""What goes over the wire, typed."""
