"""The `portal` command: one verb is one module of portal/verbs, imported only when it is called."""

from __future__ import annotations

import errno
import pkgutil
import traceback
from importlib import import_module
from pathlib import Path

import click

from portal import verbs
from portal.basis import Refusal

FRAMES = 12  # the last places of a failure


NO_TABLES = "the database has no tables yet, or old ones; run `portal db upgrade`"


class Refused(click.ClickException):
    exit_code = 2  # 1 is left to failures that nobody foresaw


class Failed(click.ClickException):
    """What broke and where. Not its words: those of a database or a parser quote what people typed."""

    def __init__(self, error: Exception) -> None:
        places = "".join(
            f"\n  {Path(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-FRAMES:]
        )
        super().__init__(f"{type(error).__name__}: this was not foreseen; please report it with these places:{places}")


class Verbs(click.Group):
    """Finds each verb by its module's name; the module holds a click command named ``command``."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(verbs.__path__))

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            if type(refusal).__name__ == "DatabaseGone":  # by its name, as below
                raise Refused(NO_TABLES) from None
            raise Refused(str(refusal)) from None
        except Exception as error:
            if _lacks_tables(error):
                raise Refused(NO_TABLES) from None
            if _is_for_click(error):
                raise
            raise Failed(error) from None

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = import_module(f"{verbs.__name__}.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command), f"portal/verbs/{cmd_name}.py must name its click command `command`"
        return command


def _is_for_click(error: Exception) -> bool:
    """Its own endings, and a reader that closed the pipe."""
    own = (click.ClickException, click.exceptions.Exit, click.Abort)
    return isinstance(error, own) or getattr(error, "errno", None) == errno.EPIPE


def _lacks_tables(error: Exception) -> bool:
    """Told by their words: the drivers are imported by the verbs that need them, not by this module."""
    cause = getattr(error, "orig", None)
    words, state = str(cause).partition("\n")[0], getattr(cause, "sqlstate", None)
    return "no such table" in words or "no such column" in words or state in ("42P01", "42703")


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="portal", prog_name="portal")
def main() -> None:
    """Yinuo (一诺): a government-service portal in which every promise has a clock."""


if __name__ == "__main__":
    main(prog_name="portal")
