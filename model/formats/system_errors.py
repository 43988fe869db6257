"""Errors of the operating system, in words of a sentence."""

import errno
import os

__all__ = ["reason_of", "sentence_of"]

_REASONS = {
    errno.EACCES: "there is no permission",
    errno.EPERM: "there is no permission",
    errno.ENOENT: "there is no such file or folder",
    errno.EISDIR: "that is a folder",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
    errno.EEXIST: "something of that name is in the way",
    errno.ENAMETOOLONG: "the name is too long for the disk",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "no file may be larger here",
    errno.EROFS: "the disk is read-only",
    errno.EIO: "the disk fails",
    errno.ELOOP: "its links lead in a circle",
    errno.EMFILE: "too many files are open",
    errno.ENOMEM: "there is not enough memory",
}


def reason_of(error: OSError) -> str:
    """Return why the system refused, as the end of a sentence.

    Example:
        >>> reason_of(OSError(errno.ENOSPC, "No space left on device"))
        'the disk is full'
        >>> reason_of(OSError(errno.ESTALE, "Stale file handle"))
        'stale file handle'
    """
    known = _REASONS.get(error.errno or 0)
    if known is not None:
        return known
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]


def sentence_of(error: OSError | MemoryError) -> str:
    """Return what the system refused, and why.

    Example:
        >>> sentence_of(OSError(errno.EACCES, "Permission denied", "songs"))
        'songs: there is no permission'
    """
    if isinstance(error, MemoryError):
        return "there is not enough memory for this; ask for less"
    name = error.filename
    where = f"{os.fsdecode(name)}: " if isinstance(name, str | bytes | os.PathLike) else ""
    return f"{where}{reason_of(error)}"
