"""Entry point: every command, its options in plain words."""

from __future__ import annotations

import typer

from teleneedle import RESEARCH_STATEMENT_EN, RESEARCH_STATEMENT_ZH, __version__
from teleneedle.apps.cli import (
    bench,
    demo,
    demo_plan,
    edge,
    edge_archive,
    hub,
    inspect,
    operations,
    phantom,
    plan,
    segment,
    selftest,
)

app = typer.Typer(
    name="teleneedle",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=f"Plan image-guided tumour ablation from CT. {RESEARCH_STATEMENT_EN}. {RESEARCH_STATEMENT_ZH}。",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"teleneedle {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version and stop."
    ),
) -> None:
    """Options of every command."""


app.command("plan")(plan.plan)
app.command("segment")(segment.segment)
app.command("inspect")(inspect.inspect)
app.command("phantom")(phantom.phantom)
app.command("hub")(hub.hub)
edge.edge.command("find")(edge_archive.find)
edge.edge.command("fetch")(edge_archive.fetch)
edge.edge.command("worklist")(edge_archive.worklist)
app.add_typer(edge.edge, name="edge")
app.command("backup")(operations.backup)
app.command("restore")(operations.restore)
app.command("retention")(operations.retention)
app.add_typer(operations.audit, name="audit")
app.command("demo")(demo.demo)
app.command("demo-plan")(demo_plan.demo_plan)
app.command("selftest")(selftest.selftest)
app.command("bench")(bench.bench)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
