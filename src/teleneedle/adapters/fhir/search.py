"""Search parameters, and the Bundle that answers (hl7.org/fhir/R4/search.html)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from teleneedle.adapters.fhir.datatypes import Json, present
from teleneedle.core.errors import InputError

PARAMETERS = ("_id", "patient", "identifier", "status")


@dataclass(frozen=True, kw_only=True)
class Search:
    """What is looked for; values of one parameter are alternatives (comma), parameters all hold."""

    kind: str
    ids: tuple[str, ...] = ()
    patients: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()

    def fits(self, resource: Json) -> bool:
        """Whether a resource is one of those looked for."""
        subject = resource.get("subject", {}).get("reference", f"Patient/{resource['id']}")
        return (
            (not self.ids or resource["id"] in self.ids)
            and (not self.patients or subject in self.patients)
            and (not self.statuses or resource.get("status") in self.statuses)
            and (not self.identifiers or any(_has(resource, token) for token in self.identifiers))
        )

    def parameters(self) -> list[tuple[str, str]]:
        """The parameters that were understood, for the link to itself."""
        named = zip(PARAMETERS, (self.ids, self.patients, self.identifiers, self.statuses), strict=True)
        return [(name, ",".join(values)) for name, values in named if values]


def make_search(
    kind: str, *, ids: str = "", patient: str = "", identifier: str = "", status: str = ""
) -> Search:
    """A search out of what the address carries.

    Raises
    ------
    InputError
        If a Patient is searched by status, which it does not have.
    """
    if kind == "Patient" and status:
        raise InputError("a Patient has no status", where="status", remedy="leave status out")
    return Search(
        kind=kind,
        ids=_values(ids),
        patients=tuple(p if p.startswith("Patient/") else f"Patient/{p}" for p in _values(patient)),
        identifiers=_values(identifier),
        statuses=_values(status),
    )


def _values(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _has(resource: Json, token: str) -> bool:
    """Token search: ``value``, ``system|value``, ``|value`` (no system) or ``system|`` (any value)."""
    system, bar, value = token.rpartition("|")
    for found in resource.get("identifier", ()):
        fits_system = not bar or found.get("system", "") == system
        if fits_system and (value == found.get("value") or (bar and not value)):
            return True
    return False


def searchset(
    base: str, search: Search, page: Sequence[Json], *, count: int, here: str = "", following: str = ""
) -> Json:
    """The Bundle of one page.

    Parameters
    ----------
    here, following : str
        Cursors of this page and the next; empty for the first, and where there is no next.
        ``total`` is told where the first page holds everything; else nobody has counted.
    """
    links = [_link("self", base, search, count, here)]
    if following:
        links.append(_link("next", base, search, count, following))
    total = {"total": len(page)} if not here and not following and count else {}
    return (
        present(
            {
                "resourceType": "Bundle",
                "type": "searchset",
                "link": links,
                "entry": [_entry(base, resource) for resource in page],
            }
        )
        | total
    )


def _link(relation: str, base: str, search: Search, count: int, cursor: str) -> Json:
    query = urlencode([*search.parameters(), ("_count", count), *([("_cursor", cursor)] if cursor else [])])
    return {"relation": relation, "url": f"{base}/{search.kind}?{query}"}


def _entry(base: str, resource: Json) -> Json:
    return {
        "fullUrl": f"{base}/{resource['resourceType']}/{resource['id']}",
        "resource": resource,
        "search": {"mode": "match"},
    }
