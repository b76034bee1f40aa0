"""The gateway at a hospital: takes images in, keeps them, and sends them to the hub."""
