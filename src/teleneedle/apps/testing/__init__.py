"""What tests of the hub share."""
