"""Settings of the engines, approval of weights, and falling back from one engine to the next."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from teleneedle.adapters.ai.settings import VARIABLE, load_ai_settings, make_engines
from teleneedle.adapters.ai.weights import folder_sha256, require_approved
from teleneedle.core.anatomy import Proposed
from teleneedle.core.errors import Cancelled, InputError, NotReadableError, TeleneedleError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap, Volume
from teleneedle.core.progress import CancelToken
from teleneedle.ports.segmenter import EngineInfo
from teleneedle.services.segment_structures import FunctionSegmenter, segment_structures
from teleneedle.testing.tiny_networks import write_approval, write_onnx_folder

GRID = Grid.regular((2, 3, 4), spacing_mm=(1.0, 1.0, 1.0), frame_of_reference_uid="1.2.3")
VOLUME = Volume(array=np.zeros(GRID.shape, dtype=np.int16), grid=GRID)


def engine(name: str, kinds: set[str], *, finds: set[str] | None = None, error: Exception | None = None):
    """An engine that records what it was asked for in its `asked` list."""
    asked: list[set[str]] = []

    def run(volume, request, progress, cancel) -> Mapping[str, Proposed]:
        asked.append(set(request.wanted))
        if error is not None:
            raise error
        label_map = LabelMap(array=np.ones(GRID.shape, dtype=bool), grid=GRID)
        return {
            k: Proposed(name=k, label_map=label_map, engine=name) for k in (kinds if finds is None else finds)
        }

    info = EngineInfo(id=name, version="1", licence="Apache-2.0", classes=frozenset(kinds))
    return FunctionSegmenter(info=info, function=run), asked


def test_failure_falls_back_and_is_named() -> None:
    net, _ = engine("net", {"liver"}, error=InputError("weights broken"))
    builtin, asked = engine("builtin", {"liver", "lung"})
    told: list[str] = []
    result = segment_structures(
        VOLUME,
        wanted=["lung", "liver"],
        engines={"liver": [net, builtin], "lung": [builtin]},
        on_structure=lambda s: told.append(s.name),
    )
    assert [s.name for s in result.structures] == ["lung", "liver"]
    assert asked == [{"liver", "lung"}]  # asked once, after the engine that might have needed it
    assert sorted(told) == ["liver", "lung"]
    (reason,) = result.structures[1].reasons
    assert "net 1" in reason[0]
    assert "weights broken" in reason[1]
    assert result.structures[0].reasons == ()
    assert result.warnings == (reason,)


def test_what_an_engine_does_not_find_falls_to_the_next_without_a_warning() -> None:
    net, _ = engine("net", {"liver", "spleen"}, finds={"spleen"})
    builtin, asked = engine("builtin", {"liver"})
    result = segment_structures(
        VOLUME, wanted=["liver", "spleen"], engines={"liver": [net, builtin], "spleen": [net, builtin]}
    )
    assert {s.name: s.engine for s in result.structures} == {"liver": "builtin", "spleen": "net"}
    assert asked == [{"liver"}]
    assert result.warnings == ()


def test_given_kinds_are_not_segmented_and_lost_ones_are_explained() -> None:
    net, asked = engine("net", {"liver"}, error=InputError("broken"))
    label_map = LabelMap(array=np.ones(GRID.shape, dtype=bool), grid=GRID)
    given = [Proposed(name="kidney_left", label_map=label_map, engine="file:x")]
    result = segment_structures(
        VOLUME, wanted=["kidney", "liver", "skin"], engines={"kidney": [net], "liver": [net]}, given=given
    )
    assert asked == [{"liver"}]
    assert set(result.missing) == {"liver", "skin"}
    assert "broken" in result.missing["liver"][1]
    assert result.missing["skin"][1] == "Not found."


def test_cancelling_is_not_a_failure() -> None:
    cancel = CancelToken()
    cancel.cancel()
    builtin, _ = engine("builtin", {"liver"})
    with pytest.raises(Cancelled):
        segment_structures(VOLUME, wanted=["liver"], engines={"liver": [builtin]}, cancel=cancel)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_everything_is_builtin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_ai_settings().order_for("liver") == ["builtin"]
    monkeypatch.setenv(VARIABLE, str(tmp_path / "missing.toml"))
    with pytest.raises(NotReadableError):
        load_ai_settings()


def test_ordered_engines_with_builtin_as_last_resort(tmp_path: Path) -> None:
    write_onnx_folder(tmp_path / "net")
    text = f"""
        [engines.net]
        kind = "onnx"
        folder = "{tmp_path / "net"}"
        [engines.lost]
        kind = "onnx"
        folder = "{tmp_path / "nowhere"}"
        [structures]
        liver = ["lost", "net"]
    """
    settings = load_ai_settings(write(tmp_path / "ai.toml", text))
    builtin, _ = engine("builtin", {"liver", "lung"})
    table, warnings = make_engines(settings, ["liver", "lung"], builtin=builtin)
    assert [e.info.id for e in table["liver"]] == ["threshold", "builtin"]
    assert [e.info.id for e in table["lung"]] == ["builtin"]
    assert len(warnings) == 1
    assert "lost" in warnings[0][1]
    table, _ = make_engines(settings, ["lung", "liver"], builtin=builtin, prefer="net")
    assert [[e.info.id for e in table[k]] for k in ("lung", "liver")] == [
        ["builtin"],
        ["threshold", "builtin"],
    ]
    for name in ("lost", "unknown"):
        with pytest.raises(InputError):
            make_engines(settings, ["liver"], builtin=builtin, prefer=name)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("engines = 3", "a table was expected"),
        ("[surprise]", "unknown table"),
        ('[engines.a]\nkind = "magic"', "no known kind"),
        ('[engines.a]\nkind = "onnx"', "folder is missing"),
        ('[engines.a]\nkind = "onnx"\nfolder = 3', "wrong type"),
        ('[engines.a]\nkind = "onnx"\nfolder = "x"\nfast = true', "fast is unknown"),
        ('[engines.builtin]\nkind = "onnx"\nfolder = "x"', "cannot be called"),
        ('[structures]\nhat = ["builtin"]', "no structure is called hat"),
        ('[structures]\nliver = ["net"]', "no engine is called net"),
        ('[structures]\nliver = "builtin"', "list of engine names"),
        ("[[[", "cannot be read"),
        (
            '[engines.a]\nkind = "nnunet"\nenvironment = "a"\nfolder = "b"\napproval = "c"\nthreads = true',
            "wrong type",
        ),
        (
            '[engines.a]\nkind = "nnunet"\nenvironment = "e"\nfolder = ""\napproval = "c"\ntime_limit_s = -1',
            "not positive",
        ),
    ],
)
def test_settings_that_are_wrong_say_where(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(TeleneedleError, match=message) as caught:
        load_ai_settings(write(tmp_path / "ai.toml", text))
    assert "ai.toml" in caught.value.where


def test_hash_covers_names_and_contents(tmp_path: Path) -> None:
    folder = tmp_path / "net"
    folder.mkdir()
    write(folder / "a", "1")
    first = folder_sha256([folder])
    write(folder / "a", "2")
    second = folder_sha256([folder])
    (folder / "a").rename(folder / "b")
    assert len({first, second, folder_sha256([folder])}) == 3
    (folder / "link").symlink_to(folder / "b")
    with pytest.raises(NotReadableError, match="link"):
        folder_sha256([folder])


def test_approval_file_that_others_can_write_is_refused(tmp_path: Path) -> None:
    path = write_approval(tmp_path / "approved.toml", "a" * 64)
    assert require_approved("a" * 64, path, where=tmp_path).approved_by == "A. Tester"
    with pytest.raises(InputError, match="not approved"):
        require_approved("b" * 64, path, where=tmp_path)
    path.chmod(0o666)
    with pytest.raises(InputError, match="others than its owner"):
        require_approved("a" * 64, path, where=tmp_path)
