"""Watching of a program and its children: the files it makes, and whom it addresses."""

import ipaddress
import os
import re
import shutil
import subprocess
from pathlib import Path

__all__ = ["Watched", "why_not_watchable"]

_CALLS = (
    "open,openat,creat,mkdir,mkdirat,mknod,mknodat,rename,renameat,renameat2,link,linkat,"
    "symlink,symlinkat,bind,connect,sendto,sendmsg,sendmmsg"
)
_MAKES = re.compile(r"O_CREAT|O_WRONLY|O_RDWR|^(creat|mk\w+|rename\w*|link\w*|symlink\w*)\(")
_PATH = re.compile(r'(?:AT_FDCWD|\d+)?<?([^<>"]*)>?, "([^"]*)"|\("([^"]*)"')
_ADDRESS = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')
_FAILED = re.compile(r"= -1 E")


def why_not_watchable():
    """Return why no program can be watched here; empty if it can."""
    if shutil.which("strace") is None:
        return "strace is not installed: make test-system"
    tried = subprocess.run(["strace", "-qq", "true"], capture_output=True, text=True)
    return "" if tried.returncode == 0 else f"strace may not trace: {tried.stderr.strip()}"


class Watched:
    """A command line that runs under strace, in a home of its own, which is empty at first.

    Attributes:
        command: To start, in ``environment``.
    """

    def __init__(self, folder, command):
        self.home, self.temporary = folder / "home", folder / "tmp"
        for each in (self.home, self.temporary):
            each.mkdir()
        self._trace = folder / "trace"
        watching = ["strace", "-f", "-qq", "--seccomp-bpf", "-y", "-s", "4096"]
        self.command = [*watching, "-e", f"trace={_CALLS}", "-o", str(self._trace), *command]
        silencing = ("CI", "ORT_", "TF_BUILD", "GITHUB_", "XDG_", "MPL")
        """Variables that would hide what a player's machine shows."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(silencing)}
        own = {"HOME": str(self.home), "TMPDIR": str(self.temporary)}
        self.environment = {**kept, **own, "PYTHONDONTWRITEBYTECODE": "1"}

    def files(self):
        """Return the paths of all files and folders that were made or opened for writing."""
        return {Path(path) for line in self._calls() if (path := _made(line))}

    def addresses(self):
        """Return every internet address that a socket was bound to, or that was addressed."""
        found = (match for line in self._calls() for match in _ADDRESS.findall(line))
        return {ipaddress.ip_address(v4 or v6) for v4, v6 in found}

    def left(self):
        """Return what there is now in the home and in the folder for temporary files."""
        made = (*self.home.rglob("*"), *self.temporary.rglob("*"))
        return {path for path in made if not path.is_dir()}

    def _calls(self):
        """Yield each call with its result, those that were interrupted put together."""
        begun = {}
        for line in self._trace.read_text(errors="replace").splitlines():
            process, _, call = line.partition(" ")
            call = call.strip()
            if call.endswith("<unfinished ...>"):
                begun[process] = call.removesuffix("<unfinished ...>")
            elif call.startswith("<... "):
                yield begun.pop(process, "") + call.partition("resumed>")[2]
            else:
                yield call


def _made(call):
    """Return the path that a call made; empty where it made none."""
    if not _MAKES.search(call) or _FAILED.search(call):
        return ""
    named = _PATH.findall(call)
    if not named:
        return ""
    folder, below, alone = (
        named[-1] if call.startswith(("rename", "link", "symlink")) else named[0]
    )
    return os.path.normpath(Path(folder, below or alone))
