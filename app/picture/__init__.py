"""Draws parts of the network as pictures: SVG and PNG."""
