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
    """A msgid that the edge translates, alone or before it puts it into a sentence. As it stands it is English.

    ``context`` parts it from the same English words elsewhere: a state is 已受理 where the act is 予以受理.
    """

    __slots__ = ("context",)

    context: str

    def __new__(cls, message: str, context: str = "") -> Word:
        word = super().__new__(cls, message)
        word.context = context
        return word


def NP_(context: str, message: str) -> Word:  # noqa: N802 -- gettext's own kind of name, as above
    """Translate later, by the context too."""
    return Word(message, context)
