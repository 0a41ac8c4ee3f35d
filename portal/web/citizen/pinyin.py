"""Finding a Chinese name by how it sounds: shiye and syb both find 失业补助金; tried when nothing else fits."""

from __future__ import annotations

from functools import lru_cache

SHORTEST = 3  # letters; of fewer, too many names sound so


def sounds_like(words: str, *names: str) -> bool:
    """Whether every word is part of how one of the names is read, in full syllables or by their first letters."""
    wanted = words.casefold().split()
    readings = [reading for name in names for reading in _readings(name)]
    return bool(wanted) and all(_is_latin(w) and any(w in reading for reading in readings) for w in wanted)


def _is_latin(word: str) -> bool:
    return len(word) >= SHORTEST and word.isascii() and word.isalpha()


@lru_cache(maxsize=4096)
def _readings(name: str) -> tuple[str, str]:
    from pypinyin import Style, lazy_pinyin  # its dictionary takes half a second, which no start need wait for

    return "".join(lazy_pinyin(name)), "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
