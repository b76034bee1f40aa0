"""Whoever is signed in may read the names of hospitals, and nothing else of them."""

from __future__ import annotations

from teleneedle.apps.testing.hub_world import HubWorld


def test_names_of_hospitals_in_use_for_everybody_signed_in(world: HubWorld) -> None:
    world.as_("admin").patch(f"/api/admin/sites/{world.sites['c']}", json={"is_active": False})
    expected = [{"id": world.sites[s], "name": f"{s.upper()} 院 Hospital"} for s in ("a", "b")]
    for who in ("expert", "mdt", "operator-a", "technologist-b", "observer-a", "admin"):
        assert world.as_(who).get("/api/sites").json() == expected
    assert world.anonymous().get("/api/sites").status_code == 401
