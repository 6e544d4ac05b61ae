"""The parts from which resource types are built."""
