"""By type: changes that break a rule, and how each is reported."""
