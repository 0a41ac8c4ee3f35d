"""Texts: markers for translation, and pairs for what the law names in Chinese first."""

from __future__ import annotations

from dataclasses import dataclass


def N_(message: str) -> str:  # noqa: N802 -- gettext's own name for "translate later"
    return message


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text of the catalogue, in both languages; Chinese is the one that binds."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.zh

    def __str__(self) -> str:
        return self.zh


class Word(str):
    """A msgid inside a sentence: the edge translates it before it puts it in. As it stands it is English."""

    __slots__ = ()
