"""How old a reader a text needs, and which of its sentences and words make it so.

The age is the higher that two formulas give, a grade and five years. One looks at the length of sentences and
words (Flesch-Kincaid, 1975), the other at long words alone (SMOG, McLaughlin 1969): it is
used for health, because it asks that all is understood.

    grade = 0.39 words / sentences + 11.8 syllables / words - 15.59
    grade = 3 + sqrt(30 words of three syllables or more / sentences)

A sentence is a line, or a part of one, that ends in a full stop, question mark, exclamation mark or colon; a
line that begins with a dash is one too. Other lines are headings, which would make a text look easier than it
is, and are left out, as is what stands in square brackets: somebody else writes that.
"""

import math
import re
from dataclasses import dataclass

from readability.langdata import countsyllables_en

SCHOOL_STARTS = 5  # years old in the first grade, less one
PLAIN = 11.0  # years: what a message to everybody is written for
TOO_HARD = 12.0  # years: above this, a message is better shortened
MANY = 3  # syllables of a word that counts as long in SMOG
LONG_WORD = 4  # of one that is named
MOST_NAMED = 3  # sentences, and words, worth changing first

_ASIDE = re.compile(r"\[[^\]]*\]")
_ENDS = re.compile(r"(?<=[.?!:])\s+(?=\S)")
_WORD = re.compile(r"[A-Za-z0-9]+(?:['’-][A-Za-z0-9]+)*")


@dataclass(frozen=True)
class Sentence:
    """A sentence and the reading age that it would need by itself, in years."""

    text: str
    age: float


@dataclass(frozen=True)
class ReadingAge:
    """The age that a text reads at, in years, its hardest sentences first, and the long words in it."""

    age: float
    hardest: tuple[Sentence, ...]
    long_words: tuple[str, ...]

    @property
    def too_hard(self) -> bool:
        return self.age > TOO_HARD

    def said(self) -> str:
        """In words, with what to shorten where it is too hard."""
        if not self.hardest:
            return "There is no whole sentence to judge yet."
        about = f"Reads at about age {self.age:.0f}."
        if not self.too_hard:
            return about
        first = self.hardest[0].text
        shorten = f"{about} Aim for {PLAIN:.0f}. The hardest to read is “{first}”: split or shorten it."
        if not self.long_words:
            return shorten
        return f"{shorten} Long words: {', '.join(self.long_words)}."


def reading_age(text: str) -> ReadingAge:
    """The age that `text` reads at, in years; 5 for a text without a sentence."""
    sentences = _sentences(text)
    if not sentences:
        return ReadingAge(float(SCHOOL_STARTS), (), ())
    # SMOG is for many sentences together: one by one, length matters as much as long words
    each = [Sentence(one, SCHOOL_STARTS + max(_flesch_kincaid([one]), 0.0)) for one in sentences]
    hardest = sorted(each, key=lambda sentence: -sentence.age)[:MOST_NAMED]
    long = [(syllables(word), word) for word in dict.fromkeys(_words(sentences))]
    longest = sorted((each for each in long if each[0] >= LONG_WORD), key=lambda each: -each[0])
    return ReadingAge(_age(sentences), tuple(hardest), tuple(word for _, word in longest[:MOST_NAMED]))


def _sentences(text: str) -> list[str]:
    """The whole sentences of a text, without headings and asides."""
    sentences = []
    for line in _ASIDE.sub("", text).splitlines():
        line = line.strip()
        item = line.startswith(("- ", "• "))
        parts = _ENDS.split(line.lstrip("-• "))
        sentences += [part for part in parts if _WORD.search(part) and (item or part[-1] in ".?!:")]
    return sentences


def _age(sentences: list[str]) -> float:
    """The reading age of sentences together, in years, by the formula that gives more."""
    return SCHOOL_STARTS + max(_flesch_kincaid(sentences), _smog(sentences))


def _flesch_kincaid(sentences: list[str]) -> float:
    words = _words(sentences)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def _smog(sentences: list[str]) -> float:
    long = sum(syllables(word) >= MANY for word in _words(sentences))
    return 3 + math.sqrt(30 * long / len(sentences))


def _words(sentences: list[str]) -> list[str]:
    return [word for sentence in sentences for word in _WORD.findall(sentence)]


def syllables(word: str) -> int:
    """Syllables of an English word, by its letters; a number counts as one."""
    return max(countsyllables_en(word), 1)  # its rule of the silent e leaves 'the' without any
