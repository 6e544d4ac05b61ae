"""What dataset.yaml and releases.yaml say about the content as a whole."""

from collections.abc import Iterator

from app.schema.about import AboutDataset, Coverage, Recheck, Release
from app.write import fields
from app.write.known import Known
from app.write.record import ContentFault, shown
from seed import RELEASE
from seed.content import Content

COUNTED = ("claims", "outcomes")
FOUND = [name for name in Recheck.model_fields if name not in ("id", "wrong_numbers", *COUNTED)]


def about_faults(content: Content, known: Known) -> Iterator[ContentFault]:
    """Check the coverage, that each re-check adds up, and that the newest release is this one."""
    if content.coverage.values:
        yield from fields.field_faults(content.coverage, Coverage, known)
    for recheck in content.coverage.record("method").records("rechecks"):
        checked, found = (
            sum(recheck.number(name) or 0 for name in names) for names in (COUNTED, FOUND)
        )
        if checked != found:
            message = (
                f"checks {checked:g} claims and outcomes, but says what was found of {found:g}"
            )
            yield recheck.fault("id", message)
    for release in content.releases:
        yield from fields.field_faults(release, Release, known)
    for newest in content.releases[:1]:
        if newest.id != RELEASE:
            yield newest.fault("id", f"is {shown(newest.id)}, but this release is {RELEASE}")


def dataset_json(content: Content) -> str:
    """Both files as one JSON text, as stored in the database."""
    releases = [release.values for release in content.releases]
    found = {**content.coverage.values, "releases": releases}
    return AboutDataset.model_validate(found).model_dump_json()
