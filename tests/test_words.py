"""Tests of the words of the code: class names, module docstrings and the glossary.

``words.txt`` holds the common English of signal processing, machine learning, audio programming
and music that class names may use. A word that only this project uses in its sense belongs in
``docs/glossary.md`` instead. A word that needs neither is not to be added to either: choose
another name.
"""

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = sorted(p for top in ("bridge", "model", "tools") for p in (ROOT / top).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
RIDDLE = re.compile(r"(What|Who(se|m|ever)?|Which(ever)?|How|Where(ver)?|Why)\b")
WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z]*|[A-Z]+")
REPLACED = {
    "belief",
    "conductor",
    "desk",
    "heir",
    "judge",
    "pupil",
    "quarrel",
    "seat",
    "verdict",
    "workshop",
}
"""Words that had a private meaning here, and standard terms instead now."""


@cache
def _classes():
    """Return the files in which each public class is defined, by its name."""
    found = defaultdict(list)
    for path in SOURCES:
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(str(path.relative_to(ROOT)))
    return dict(found)


@cache
def _common():
    lines = (ROOT / "tests" / "words.txt").read_text().splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def _glossary():
    """Return every word of the glossary's terms."""
    terms = re.findall(r"^\| \*\*(.+?)\*\* \|", _glossary_text(), re.MULTILINE)
    return frozenset(word for term in terms for word in term.lower().split())


def _glossary_text():
    return (ROOT / "docs" / "glossary.md").read_text()


def _singulars(word):
    """Return a word and what it may be the plural of."""
    return {word, word.removesuffix("s"), word.removesuffix("es"), re.sub("ies$", "y", word)}


def test_no_two_public_classes_have_one_name():
    twice = [f"{name}: {files}" for name, files in _classes().items() if len(files) > 1]
    assert not twice, "\n".join(twice)


def test_a_module_docstring_says_what_the_module_is():
    beginnings = {
        str(path.relative_to(ROOT)): (ast.get_docstring(ast.parse(path.read_text())) or "")
        for path in SOURCES + TESTS
    }
    riddles = [
        f"{path}: {text[:60]}" for path, text in beginnings.items() if RIDDLE.match(text)
    ]
    assert not riddles, "\n".join(riddles)


def test_class_names_are_made_of_known_words():
    known, unknown = _common() | _glossary(), defaultdict(list)
    for name, files in _classes().items():
        for word in WORD.findall(name):
            if not _singulars(word.lower()) & known:
                unknown[word.lower()].append(f"{name} ({', '.join(files)})")
    assert not unknown, "\n".join(f"{word}: {', '.join(unknown[word])}" for word in unknown)


def test_no_class_name_uses_a_word_that_was_replaced():
    assert not REPLACED & (_common() | _glossary())
    for name in _classes():
        words = {word.lower() for word in WORD.findall(name)}
        assert not REPLACED & set().union(*map(_singulars, words)), name


def test_the_word_list_is_in_order():
    words = [w for w in (ROOT / "tests" / "words.txt").read_text().splitlines() if w[:1] != "#"]
    assert words == sorted(set(words))


def test_the_glossary_is_in_order_and_has_each_term_once():
    terms = re.findall(r"^\| \*\*(.+?)\*\* \|", _glossary_text(), re.MULTILINE)
    assert terms == sorted(set(terms), key=str.lower)
