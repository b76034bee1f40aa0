"""Pure core types: geometry, images, anatomy, devices, plans, errors. Imports numpy only."""
