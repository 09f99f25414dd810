"""Tests compare with what says a sentence, never with a copy of it, so that its wording can be mended in one place.

What a test looks for is a copy where it has three words or more and stands in a template or in a string of the
product, or where a whole sentence of the product stands in it. Words that the same file puts in itself are data.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from courses.actions.registers import KEPT_BY_OTHERS

ROOT = Path(__file__).resolve().parents[2]
APPS = ("bwt_cpd", "courses", "entitlements", "pathways", "staff")
# Made-up people, and samples of components.
NO_PROSE = ("/migrations/", "/demo/", "/components/gallery", "/views/components.py")
SAYS_THE_WORDING = (
    # The unit tests of the functions that put these sentences together from facts: said there once, and only there.
    "tests/courses/test_rules.py::test_standing_",
    "tests/entitlements/test_rules_explanation.py::",
)
FEWEST_WORDS = 3
LOOKS_FOR_TEXT = {"get_by_text", "get_by_label", "to_contain_text", "to_have_text"}
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>", re.DOTALL)
NEVER_READ = re.compile(r'\b(?:class|style|href|action|hx-[a-z-]+)="[^"]*"')
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{[^}]*\}")


class Sentences:
    """What the product says, in pieces between the parts that vary."""

    def __init__(self, pieces: Iterable[str]) -> None:
        tidy = {" ".join(piece.split()) for piece in pieces}
        self.pieces = {piece for piece in tidy if is_prose(piece)}
        self.in_one = "\n".join(self.pieces)
        self.by_beginning = defaultdict(list)
        for piece in self.pieces:
            self.by_beginning[tuple(piece.split()[:2])].append(piece)

    def has(self, words: str) -> bool:
        """Whether these words are a copy."""
        if is_prose(words) and words in self.in_one:
            return True
        beginnings = set(pairwise(re.findall(r"[^\s\"'>]+", words)))
        return any(piece in words for pair in beginnings for piece in self.by_beginning.get(pair, ()))


def is_prose(words: str) -> bool:
    return len(words.split()) >= FEWEST_WORDS and re.search("[a-z]{2}", words) is not None


def said_by_the_product() -> Iterator[str]:
    for template in ROOT.glob("templates/**/*.*"):
        if template.suffix != ".md" and not any(part in template.as_posix() for part in NO_PROSE):
            text = NEVER_READ.sub("", template.read_text())
            for piece in (text, *re.findall(r'"([^"]*)"', text)):
                yield from TAG.split(piece)
    for app in APPS:
        for module in ROOT.glob(f"{app}/**/*.py"):
            if not any(part in module.as_posix() for part in NO_PROSE):
                for constant in strings_of(ast.parse(module.read_text())):
                    yield from PLACEHOLDER.split(constant.value)


def strings_of(tree: ast.AST) -> Iterator[ast.Constant]:
    """Every string but the docstrings."""
    texts = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            texts.add(node.value)  # comes before its parts
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in texts:
            yield node


def looked_for(tree: ast.AST) -> Iterator[ast.Constant]:
    """The strings in asserts, in `match=` and in what a browser is told to find."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield from strings_of(node.test)
        elif isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg in ("match", "has_text"):
                    yield from strings_of(keyword.value)
            if isinstance(node.func, ast.Attribute) and node.func.attr in LOOKS_FOR_TEXT:
                for argument in node.args:
                    yield from strings_of(argument)


def copies_in(source: str, sentences: Sentences) -> Iterator[tuple[str, str]]:
    """The test, or "" outside of one, and the words that it has copied."""
    tree = ast.parse(source)
    places = {constant: getattr(part, "name", "") for part in tree.body for constant in looked_for(part)}
    data = "\n".join(" ".join(one.value.split()) for one in strings_of(tree) if one not in places)
    for constant, name in places.items():
        words = " ".join(re.sub(r"\\(.)", r"\1", constant.value).split())
        if sentences.has(words) and words not in data:
            yield name, words


def test_no_test_has_a_copy_of_what_the_product_says():
    sentences = Sentences(said_by_the_product())

    copies = [
        f"{path}::{name}: {words}"
        for path in sorted(file.relative_to(ROOT).as_posix() for file in ROOT.glob("tests/**/*.py"))
        for name, words in copies_in((ROOT / path).read_text(), sentences)
        if not f"{path}::{name}".startswith(SAYS_THE_WORDING)
    ]

    assert copies == []
    # Control: a sentence that the product does say is caught, whole or in part, and data is not.
    part = " ".join(KEPT_BY_OTHERS.split()[-4:])
    copied = f"def test_it():\n    assert said == {KEPT_BY_OTHERS!r}\n    with raises(Refused, match={part!r}): go()"
    assert list(copies_in(copied, sentences)) == [("test_it", KEPT_BY_OTHERS), ("test_it", part)]
    assert list(copies_in(f"save({KEPT_BY_OTHERS!r})\n{copied}", sentences)) == []
