"""Compare the speed of the service with a tutorial-style app and a bare one on the same machine."""
