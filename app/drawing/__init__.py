"""Part of the network as a picture, or as a file that other programs read."""
