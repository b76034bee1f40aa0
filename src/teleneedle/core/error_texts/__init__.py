"""What errors say, in Chinese: one catalogue, by the part of the product that says it."""
