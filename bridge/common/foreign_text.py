"""Text of other programs, whatever bytes they chose for it."""

__all__ = ["foreign_text", "shown_text"]

_LATIN_1 = {0xDC00 + byte: byte for byte in range(0x80, 0x100)}
"""The character of each byte that is no UTF-8, by how ``surrogateescape`` marks the byte."""


def foreign_text(name: bytes) -> str:
    r"""Return a name that another program chose, as text that every surface can show and send.

    Names on an audio server have no declared encoding. Nearly all are UTF-8; older programs
    write Latin-1, and a name cut to a longest size may end within a letter. Bytes that are
    no UTF-8 are read as Latin-1, so that nothing is lost and nothing fails.

    Example:
        >>> foreign_text("Hallgerät".encode()), foreign_text(b"Hallger\xe4t")
        ('Hallgerät', 'Hallgerät')
    """
    return shown_text(name.decode("utf-8", "surrogateescape"))


def shown_text(text: str) -> str:
    """Return an argument of the command line, or a file's name, as ``foreign_text`` shows it.

    Python marks in them what is no UTF-8 by characters that cannot be sent or written.
    """
    return text.translate(_LATIN_1)
