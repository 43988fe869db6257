"""Opening of the remote in the desktop's browser."""

import logging
import os
import sys
import threading
import webbrowser

__all__ = ["open_in_browser"]

logger = logging.getLogger(__name__)


def open_in_browser(link: str) -> None:
    """Open a page in the desktop's browser; returns at once.

    Where there is no desktop the log names the link: a browser of the terminal would take the
    terminal over.
    """
    has_desktop = sys.platform == "darwin" or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    if has_desktop:
        threading.Thread(target=_open, args=(link,), name="browser", daemon=True).start()
    else:
        logger.warning("no desktop here to open a browser on; the remote is at %s", link)


def _open(link: str) -> None:
    if not webbrowser.open(link):
        logger.warning("no browser could be started; the remote is at %s", link)
