"""Who asks over DICOMweb, and which stored instances they may see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from teleneedle.adapters.dicomweb.kept import INSTANCE_UID, Kept, KeptSeries
from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.problems import not_found
from teleneedle.core.access import Action, Person


def visible(hub: Hub, person: Person, *, study: str = "", series: str = "") -> Iterator[Sequence[Kept]]:
    """Stored series that the person may see, instance by instance; UIDs narrow the search."""

    def may_see(site_id: str | None) -> bool:
        return person.may(Action.READ_CASE, site_id=site_id)

    return KeptSeries(hub.sessions, hub.imaging.objects).visible(may_see, study=study, series=series)


def find_instances(hub: Hub, person: Person, study: str, series: str = "", instance: str = "") -> list[Kept]:
    """The instances below a study, a series, or the one named; not-found when there are none."""
    found: dict[str, Kept] = {}
    for group in visible(hub, person, study=study, series=series):
        for kept in group:
            if not instance or kept.uid(INSTANCE_UID) == instance:
                found.setdefault(kept.uid(INSTANCE_UID), kept)
    if not found:
        raise not_found(f"{study} {series} {instance}".strip())
    return list(found.values())
