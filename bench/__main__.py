"""``python -m bench [NAME …]``: run the named benchmarks, or all of them."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from bench.harness import write_results

NOT_BENCHMARKS = {"__init__", "__main__", "harness", "browser", "viewer_memory", "viewer_peers"}
NOT_BENCHMARKS |= {"link_ours", "link_peers", "link_series", "link_watch", "process_tree"}


def main(names: list[str]) -> int:
    known = sorted(p.stem for p in Path(__file__).parent.glob("*.py") if p.stem not in NOT_BENCHMARKS)
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    for name in names or known:
        write_results(name, importlib.import_module(f"bench.{name}").run())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
