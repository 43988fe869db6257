"""Names of presets, takes, checkpoints and files: one rule for every language and system.

A name is compared in its composed form (Unicode NFC), since some systems and keyboards write
an accented letter as one character and some as two.
"""

import re
import unicodedata
from pathlib import Path

__all__ = [
    "NAME_RULE",
    "composed",
    "entries_in",
    "find_named",
    "hyphenated",
    "is_plain_name",
    "words_of",
]

NAME_RULE = (
    "a name, not a path: up to 64 letters of any script, digits, spaces and signs but "
    '/ \\ : * ? " < > |, neither beginning with - . ~ or a space nor ending with . or a space, '
    "without two full stops together, and no device of Windows such as con"
)
"""What ``is_plain_name`` takes, for people."""

_LONGEST = 64
"""Characters, not counting the marks upon them."""
_LONGEST_BYTES = 235
"""A folder's entry has up to 255 bytes; the rest is for endings, also of unfinished files."""
_NOWHERE = frozenset('/\\:*?"<>|')
"""Signs that lead elsewhere, or that Windows has in no name."""
_NEVER_FIRST = frozenset("-.~")
"""Signs that make of a name an option, a hidden file or somebody's home."""
_JOINERS = frozenset("\u200c\u200d")
"""Invisible, but part of how words are spelt in Persian or Hindi."""
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d\u00b9\u00b2\u00b3]) *(\..*)?",
    re.IGNORECASE,
)
"""Names of devices on Windows, whatever follows their full stop."""


def composed(text: str) -> str:
    r"""Return a text with its letters and their marks composed, for comparing and storing.

    Example:
        >>> composed("Cafe\u0301") == "Caf\u00e9"
        True
    """
    return unicodedata.normalize("NFC", text)


def is_plain_name(text: str) -> bool:
    r"""Return whether a text names a file on every system, without leading elsewhere.

    Example:
        >>> is_plain_name("Verse 2"), is_plain_name("../verse"), is_plain_name("con")
        (True, False, False)
        >>> is_plain_name("हिन्दी"), is_plain_name("Cafe\u0301"), is_plain_name("L'été")
        (True, True, True)
    """
    text = composed(text)
    letters = sum(not unicodedata.category(each).startswith("M") for each in text)
    return (
        0 < letters <= _LONGEST
        and len(text.encode("utf-8", "surrogatepass")) <= _LONGEST_BYTES
        and unicodedata.category(text[0])[0] in "LNPS"
        and text[0] not in _NEVER_FIRST
        and all(map(_has_a_place, text))
        and ".." not in text
        and not (text[-1] == "." or text[-1].isspace())
        and not _RESERVED.fullmatch(text)
    )


def find_named(folder: Path, entry: str) -> Path | None:
    """Return the path of a folder's entry, however its letters are composed; None without one.

    Args:
        folder: Need not exist.
        entry: Name with its ending; an entry of exactly this name comes first.
    """
    exact = folder / composed(entry)
    if exact.parent != folder:  # it leads elsewhere
        return None
    try:
        exact.lstat()
        return exact
    except OSError:  # under another form, or not at all
        pass
    found = (each for each in entries_in(folder) if composed(each.name) == exact.name)
    return next(found, None)


def entries_in(folder: Path) -> list[Path]:
    """Return the entries of a folder in order; none where it is missing or closed to us."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def words_of(text: str, gap: str) -> str:
    """Return a text with a gap for each character that is no letter, mark or digit.

    Args:
        text: Any.
        gap: Stands for spaces and signs.

    Example:
        >>> words_of("Клавиатура (2)", "-")
        'Клавиатура--2-'
    """
    return "".join(
        each if unicodedata.category(each)[0] in "LMN" else gap for each in composed(text)
    )


def hyphenated(text: str) -> str:
    """Return the words of a text in lower case, with a hyphen between; empty without any.

    Example:
        >>> hyphenated("nanoKONTROL2 MIDI 1"), hyphenated("Клавиатура (2)")
        ('nanokontrol2-midi-1', 'клавиатура-2')
    """
    return re.sub("-+", "-", words_of(text.casefold(), "-")).strip("-")


def _has_a_place(character: str) -> bool:
    """Return whether a character may stand in a name: one to be seen, a space or a joiner."""
    category = unicodedata.category(character)
    visible = category[0] in "LMNPS" or category == "Zs"
    return (visible and character not in _NOWHERE) or character in _JOINERS
