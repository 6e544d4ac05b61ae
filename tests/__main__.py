"""Run all checks of the project, even after a failure, and name those that failed.

python -m tests quick   while you work: on SQLite alone, without the slow tests and without coverage
python -m tests         before you push, and in CI: needs nothing but its own environment; measuring
                        coverage doubles the time of a test, so the slow ones run without it,
                        except those marked as covering; both halves run side by side
python -m tests full    before an issue is closed: the long tests too, and those that need Java,
                        npm, Chromium, nginx or Caddy; what is missing is named as skipped
python -m tests night   before a release: the process suites at their full size, with their figures

`python -m tests.bench` measures the speed.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

PROGRAMS = Path(sys.executable).parent
AT_ONCE = 3

Check = tuple[str, ...]
Checks = dict[str, Check]
Loop = tuple[Checks, ...]
"""Checks that run beside one another, then those that follow."""

STATIC: Checks = {
    "format": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "imports": ("lint-imports",),
    "dependencies": ("deptry", "."),
    "dead code": ("python", "-m", "tests.dead"),
    "spelling": ("codespell",),
}
# It takes one core for as long as all others together, and so stands beside the tests.
TYPES: Checks = {"types": ("mypy",)}
# The tests are shared among the cores; each worker has databases of its own.
PYTEST = ("pytest", "--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal")
# Those that wait for processes and clocks leave cores idle, which a third worker uses.
WAITING = ("pytest", "--numprocesses=3", "--dist=worksteal")
# Only to import these, and the fuzzer, takes a while; all their tests are slow or long.
LONG = ("--ignore=tests/test_fuzzing_alike.py", "--ignore=tests/process/test_fuzzing_writes.py")
FAST = (*LONG, "--ignore=tests/test_fuzzing.py", "-p", "no:schemathesis")

COVERING = "(covering or not slow) and not aside"


def covered(left_out: str, slow: Check, *options: str) -> Loop:
    """Run the tests and report lines and branches that the covering ones do not reach.

    While the tests of one half wait for a process or a clock, those of the other have the cores.
    """
    covering = (
        *("coverage", "run", "-m", *PYTEST, *FAST, *options),
        *("-m", f"({COVERING}) {left_out}"),
    )
    others = (*WAITING, *slow, *options, "-m", f"not ({COVERING}) {left_out}")
    return (
        {"erase": ("coverage", "erase")},
        {"covering tests": covering, "slow tests": others, **TYPES},
        {"combine": ("coverage", "combine", "-q")},
        {"coverage": ("coverage", "report")},
    )


LOOPS: dict[str, Loop] = {
    "quick": ({"tests": (*PYTEST, *FAST, "-m", "not slow and not full"), **TYPES},),
    "": covered("and not full", LONG),
    "full": covered("", (), "-rs"),
    "night": (
        {"process suites": (*PYTEST, "-rP", "-m", "full or not full", "tests/process"), **TYPES},
    ),
}
# The tests start hundreds of processes: each may keep the modules that it has compiled.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}


def passes(name: str, check: Check, *, aside: bool) -> bool:
    """Run one check, with a program of this environment; aside: show what it says at its end."""
    started = time.monotonic()
    if not aside:
        print(f"== {name}", flush=True)
    ended = subprocess.run(
        [PROGRAMS / check[0], *check[1:]],
        check=False,
        env=ENVIRONMENT,
        text=True,
        stdout=subprocess.PIPE if aside else None,
        stderr=subprocess.STDOUT if aside else None,
    )
    said = f"== {name}\n{ended.stdout}" if aside else ""
    outcome = "failed" if ended.returncode else "passed"
    print(f"{said}== {name} {outcome} in {time.monotonic() - started:.1f} s", flush=True)
    return not ended.returncode


def failures(checks: Checks) -> list[str]:
    """Run checks beside one another, the first in view, and name those that failed."""
    first = next(iter(checks))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = {
            name: pool.submit(passes, name, check, aside=name != first)
            for name, check in checks.items()
        }
        return [name for name, passed in running.items() if not passed.result()]


def main(arguments: list[str]) -> int:
    """Run a loop; 0 if every check passes."""
    loop = " ".join(arguments)
    if loop in ("-h", "--help"):
        print(__doc__)
        return 0
    if loop not in LOOPS:
        print("unknown argument; try `python -m tests --help`", file=sys.stderr)
        return 2
    ENVIRONMENT["TESTS_LOOP"] = loop  # tests/process/sizes.py
    with TemporaryDirectory(prefix="moa-tests-") as shared:
        ENVIRONMENT["TESTS_SHARED"] = shared  # tests/conftest.py
        failed = [name for checks in (STATIC, *LOOPS[loop]) for name in failures(checks)]
    print(f"== failed: {', '.join(failed)}" if failed else "== all passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
