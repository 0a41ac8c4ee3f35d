"""`python -m bench [module…]`: run the benchmarks, print one table, and fail when a promise is not kept."""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module

import click

import bench
from bench.figures import Figure


def measured(module: str) -> list[Figure]:
    figures: list[Figure] = list(import_module(f"bench.{module}").figures())
    return figures


def modules() -> list[str]:
    """Every module of the package that measures something."""
    names = [module.name for module in pkgutil.iter_modules(bench.__path__) if not module.ispkg]
    return [name for name in names if name not in ("__main__", "figures")]


def table(figures: list[Figure]) -> str:
    lines, group = [], ""
    for figure in figures:
        if figure.group != group:
            group = figure.group
            lines += ["", group]
        verdict = ("kept" if figure.is_kept else "NOT KEPT") if figure.promise else ""
        value = f"{figure.value:,.0f}" if figure.value >= 1000 else f"{figure.value:.3g}"
        lines.append(f"  {figure.name:<58}{value:>12} {figure.unit:<6}{figure.promise:>10}  {verdict}".rstrip())
    return "\n".join(lines)


@click.command()
@click.argument("names", nargs=-1)
def main(names: tuple[str, ...]) -> None:
    """Run all benchmarks, or the modules named."""
    broken = 0
    for name in names or modules():
        figures = measured(name)
        click.echo(table(figures))
        broken += sum(not figure.is_kept for figure in figures)
    click.echo(f"\n{broken} promises not kept" if broken else "\nevery promise kept")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
