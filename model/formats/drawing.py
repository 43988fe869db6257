"""Set-up of matplotlib, which draws the pictures."""

import os

from model.formats.user_folders import cache_folder

__all__ = ["keep_matplotlib_files"]


def keep_matplotlib_files() -> None:
    """Have matplotlib keep its files, a list of fonts, in our own folder.

    Call it before matplotlib is imported. A folder that the user chose for it stays.
    """
    os.environ.setdefault("MPLCONFIGDIR", str(cache_folder() / "matplotlib"))
