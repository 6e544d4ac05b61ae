"""How fast the service answers, beside a tutorial-style app and a bare one on the same machine."""
