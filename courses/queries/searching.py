"""Finding courses by words: full text first, and near spellings when that finds nothing.

Full text looks at title (weight A) and summary (C) through the generated column `Course.search`;
the last word may be half typed; a code, a part of a title or a hub's name counts as well. A second
look, only when the first found nothing, takes each word by itself and accepts a title with a word
that is spelt nearly so (pg_trgm; the threshold is set on the connection in settings). Letters that changed
places share hardly a trigram (metnal, mental): then each word is compared with the words of the titles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    TrigramWordSimilarity,
)
from django.db.models import F, FloatField, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Upper

from courses.models import Course

LONGEST = 100
MOST_WORDS = 8
_ALIKE = 0.6  # of 1: fonics and phonics are 0.77
_LETTERS_MIXED = 0.7  # of 1: metnal and mental are 0.83, alergies and allergen 0.75
_WORD = re.compile(r"[^\W_]+")
_OPERATORS = re.compile(r'["]|(?:^|\s)-\w|\bor\b', re.IGNORECASE)
# What people type and no title is about; PostgreSQL's own list does the rest.
_EMPTY_WORDS = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "by", "can", "course", "courses", "for", "from", "how", "i"}
    | {"in", "is", "it", "my", "of", "on", "or", "the", "to", "with"}
)


@dataclass(frozen=True)
class Words:
    """What was typed, tidied. `hub_ids` and `strand_ids` are the hubs and strands it names."""

    text: str
    hub_ids: tuple[int, ...] = ()
    strand_ids: tuple[int, ...] = ()

    @property
    def each(self) -> list[str]:
        """The words that carry meaning, in lower case; all of them where none does."""
        found = [word.lower() for word in _WORD.findall(self.text)][:MOST_WORDS]
        return [word for word in found if word not in _EMPTY_WORDS] or found

    @property
    def has_operators(self) -> bool:
        """Whether somebody asks for a phrase, an alternative or an exclusion."""
        return bool(_OPERATORS.search(self.text))

    @property
    def guessable(self) -> list[str]:
        """The words long enough to be somebody's spelling of another; none in a search with operators."""
        return [] if self.has_operators else [word for word in self.each if len(word) > 2]


def words_of(
    text: str,
    *,
    hubs: Iterable[tuple[int, str]] = (),
    strands: Iterable[tuple[int, str]] = (),
) -> Words:
    """The words typed, cut at 100 letters, with the hubs and strands whose name holds them all."""
    text = " ".join(text.replace("\0", "").split())[:LONGEST]
    asked = [word.lower() for word in _WORD.findall(text)]

    def named(choices: Iterable[tuple[int, str]]) -> tuple[int, ...]:
        return tuple(key for key, name in choices if asked and _says_all(name, asked))

    return Words(text, named(hubs), named(strands))


def _says_all(name: str, asked: list[str]) -> bool:
    said = [word.lower() for word in _WORD.findall(name)]
    return all(any(word.startswith(one) for word in said) for one in asked)


def exactly(courses: QuerySet[Course], words: Words) -> QuerySet[Course]:
    """Courses that say the words, with `rank` (higher is better; 0 where only the hub is named)."""
    query = SearchQuery(words.text, search_type="websearch", config="english")
    condition = Q()
    if not words.has_operators and words.each:
        *whole, last = words.each
        query |= SearchQuery(" & ".join([*whole, f"{last}:*"]), search_type="raw", config="english")
        condition |= Q(title__icontains=words.text) | Q(code__startswith=words.text.upper())
        condition |= Q(hub_id__in=words.hub_ids) if words.hub_ids else Q()
        condition |= Q(strand_id__in=words.strand_ids) if words.strand_ids else Q()
    return courses.filter(condition | Q(search=query)).annotate(rank=SearchRank(F("search"), query))


def nearly(courses: QuerySet[Course], words: Words) -> QuerySet[Course]:
    """Courses whose title says each guessable word nearly, with `rank`."""
    courses = courses.alias(upper_title=Upper("title"))
    rank: Combinable = Cast(Value(0), FloatField())
    for word in words.guessable:
        full_text = SearchQuery(f"{word}:*", search_type="raw", config="english")
        courses = courses.filter(Q(upper_title__trigram_word_similar=word.upper()) | Q(search=full_text))
        rank = rank + TrigramWordSimilarity(word, "title")
    return courses.annotate(rank=rank)


def meant(words: Words, titles: Iterable[str]) -> str:
    """The words as the titles found spell them: "fonics" becomes "phonics"; empty if no word is near enough."""
    said = {word.lower() for title in titles for word in _WORD.findall(title) if len(word) > 2} - _EMPTY_WORDS
    better = [_nearest(word, said) if len(word) > 2 else word for word in words.each]
    return " ".join(better) if better != words.each else ""


def respelt(words: Words, titles: Iterable[str]) -> Words | None:
    """The words with each guessable one as some title spells it; None where one is like nothing said."""
    said = {word.lower() for title in titles for word in _WORD.findall(title) if len(word) > 2} - _EMPTY_WORDS
    better: list[str] = []
    for word in words.each:
        near = [word] if len(word) <= 2 or word in said else get_close_matches(word, said, 1, _LETTERS_MIXED)
        if not near:
            return None
        better += near
    return Words(" ".join(better)) if better != words.each else None


def _nearest(word: str, said: set[str]) -> str:
    """The word itself where somebody says it or nobody says anything like it."""
    if any(other.startswith(word) for other in said):
        return word
    likeness = {other: SequenceMatcher(None, word, other).ratio() for other in sorted(said)}
    best = max(likeness, key=likeness.__getitem__, default=word)
    return best if likeness.get(best, 0) >= _ALIKE else word
