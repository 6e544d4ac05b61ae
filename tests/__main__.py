"""`python -m tests`: every check in order; it stops at the first that fails."""

import subprocess
import sys
import time
from pathlib import Path

# The tests are shared among the cores; each worker has databases of its own.
SHARED = ("--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal")
CHECKS = {
    "format": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "types": ("mypy",),
    "imports": ("lint-imports",),
    "dependencies": ("deptry", "."),
    "tests": ("coverage", "run", "-m", "pytest", *SHARED),
    "combine": ("coverage", "combine", "-q"),
    "coverage": ("coverage", "report"),
}


def main() -> int:
    """Run the checks with the programs of this environment; 0 if all pass."""
    programs = Path(sys.executable).parent
    for name, (program, *arguments) in CHECKS.items():
        started = time.monotonic()
        print(f"== {name}", flush=True)
        done = subprocess.run([programs / program, *arguments], check=False)
        if done.returncode:
            print(f"== {name} failed", flush=True)
            return done.returncode
        print(f"== {name} passed in {time.monotonic() - started:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
