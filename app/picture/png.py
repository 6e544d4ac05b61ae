"""A picture as PNG, for slides and papers, drawn without system fonts or programs."""

from importlib import import_module, resources
from pathlib import Path

from app.errors import Fault, Invalid

# Open Sans is installed with the service, because a slim image has no fonts.
FONTS = ("OpenSans-Regular.ttf", "OpenSans-Bold.ttf")
FAMILY = "Open Sans"
# While drawing, a pixel takes four bytes, and a million pixels about 0.2 s.
MOST_PIXELS = 25_000_000
USUAL_PIXELS = 8_000_000


def png(svg: str, width: int | None) -> bytes:
    """The picture at this width in pixels or, without one, up to twice its own width."""
    own, height = map(int, svg.partition('viewBox="0 0 ')[2].partition('"')[0].split())
    wide = width or min(2 * own, int((USUAL_PIXELS * own / height) ** 0.5))
    if wide * wide * height > MOST_PIXELS * own:
        raise Invalid(
            f"A PNG has at most {MOST_PIXELS:,} pixels; choose a smaller `width`, or `format=svg`.",
            faults=(Fault("width", "is too large for a picture of this height"),),
        )
    # Only PNG needs the library, so it is imported for the first PNG.
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
