"""`portal rules`: what offices are judged by: every rule with its law, its numbers and its dates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from portal import config
from portal.basis import N_, Refusal
from portal.compliance.load import HOME_ZONE

if TYPE_CHECKING:
    from portal.audit.rule_pages import Ground, Page
    from portal.compliance.rule import Rule
    from portal.compliance.sentences import Speech

LANGUAGE = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the words."
)


class RuleUnknown(Refusal):
    def __init__(self, code: str, known: str) -> None:
        super().__init__(
            N_("There is no rule %(rule)s; the rules are %(known)s."), values={"rule": code, "known": known}
        )


@click.group()
def command() -> None:
    """The rules by which the ledger and other logs are judged."""


@command.command("list")
@LANGUAGE
def list_rules(lang: str) -> None:
    """One line per rule: code, newest version, title."""
    speech = _speech(lang)
    for code, versions in _rules().items():
        click.echo(f"{code}  v{versions[0].version}  {speech.translate(versions[0].title)}")


@command.command()
@click.argument("code")
@LANGUAGE
def show(code: str, lang: str) -> None:
    """Everything about the rule CODE, such as V08: every version, the newest first."""
    from portal.audit.rule_pages import page_of

    known, speech = _rules(), _speech(lang)
    if code.upper() not in known:
        raise RuleUnknown(code, ", ".join(known))
    for rule in known[code.upper()]:
        click.echo("\n".join(_lines(page_of(rule, speech), speech)))


def _rules() -> dict[str, list[Rule]]:
    from portal.audit.rule_pages import by_code
    from portal.compliance.registry import all_rules

    return by_code(all_rules(config.instance_folder() / "rules"))


def _speech(lang: str) -> Speech:
    from portal.audit.texts import speech

    return speech(lang, HOME_ZONE)


def _lines(page: Page, speech: Speech) -> Iterator[str]:
    say = speech.translate
    yield f"{page.rule.code} {page.title}"
    yield f"  {say(N_('Version'))} {page.rule.version}{_dates(page, speech)}"
    yield f"  {say(N_('Looks at'))}: {page.scope}"
    for heading, lines in (
        (N_("What a finding says"), page.sentences),
        (N_("Legal basis"), [_ground(ground, speech) for ground in page.grounds]),
        (N_("Parameters of the rule"), [f"{words}: {value} ({source})" for words, value, source in page.parameters]),
        (N_("Events it reads"), page.evidence),
    ):
        if lines:
            yield f"  {say(heading)}"
            yield from (f"    - {line}" for line in lines)


def _ground(ground: Ground, speech: Speech) -> str:
    say = speech.translate
    limits = [
        say(N_("in the division %(code)s")) % {"code": ground.where} if ground.where else "",
        say(N_("for %(types)s")) % {"types": speech.comma.join(ground.types)} if ground.types else "",
    ]
    told = say(N_(", ")).join([str(ground.source), *(limit for limit in limits if limit)])
    return told + _dates(ground, speech)


def _dates(dated: Page | Ground, speech: Speech) -> str:
    """Until is the first day on which it no longer holds."""
    say, found = speech.translate, ""
    if dated.first_on:
        found += say(N_(", ")) + say(N_("from %(day)s")) % {"day": speech.day(dated.first_on)}
    if dated.until_on:
        found += say(N_(", ")) + say(N_("before %(day)s")) % {"day": speech.day(dated.until_on)}
    return found
