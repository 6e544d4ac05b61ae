"""The pages, one file for each kind."""

from app.pages.views import files, home, mechanisms, references, trials

VIEWS = (files, home, mechanisms, references, trials)
