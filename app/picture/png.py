"""A picture as PNG, for slides and papers, drawn without any font or program of the system."""

from importlib import import_module, resources
from pathlib import Path

from app.errors import Fault, Invalid

# Open Sans comes with the service: a slim image has no font at all.
FONTS = ("OpenSans-Regular.ttf", "OpenSans-Bold.ttf")
FAMILY = "Open Sans"
# One pixel takes four bytes while it is drawn, and a million of them about 0.2 s.
MOST_PIXELS = 25_000_000
USUAL_PIXELS = 8_000_000


def png(svg: str, width: int | None) -> bytes:
    """The picture, this many pixels wide; without a width, up to twice as wide as it needs."""
    own, height = map(int, svg.partition('viewBox="0 0 ')[2].partition('"')[0].split())
    wide = width or min(2 * own, int((USUAL_PIXELS * own / height) ** 0.5))
    if wide * wide * height > MOST_PIXELS * own:
        raise Invalid(
            f"A PNG has at most {MOST_PIXELS:,} pixels; choose a smaller `width`, or `format=svg`.",
            faults=(Fault("width", "is too large for a picture of this height"),),
        )
    # Only this form needs the library, so it is loaded with the first of its pictures.
    drawn: bytes = import_module("resvg_py").svg_to_bytes(
        svg_string=svg,
        width=wide,
        skip_system_fonts=True,
        font_files=_fonts(),
        font_family=FAMILY,
        sans_serif_family=FAMILY,
    )
    return drawn


def _fonts() -> list[str]:
    folder = Path(str(resources.files("ttf_opensans"))) / "ttf"
    return [str(folder / name) for name in FONTS]
