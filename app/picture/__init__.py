"""Part of the network as a picture."""
