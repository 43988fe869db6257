"""``liveband plugins install``: put the built plugins where the user's DAWs look for them."""

import argparse
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import bridge
from bridge.common.errors import ConfigError, EnvironmentMissing

__all__ = ["HELP", "configure", "run"]

HELP = "install the LV2 and CLAP plugins for this user, or remove them"

_SYSTEM = Path("/usr/lib")
"""Where the Debian package has the plugins, in ``lv2`` and ``clap``."""


@dataclass(frozen=True, slots=True)
class _Format:
    """A plugin format: its plugin is a folder, of the same name in all places."""

    name: str
    folder: str
    library: str
    """File in the folder by which our plugin is known."""
    home: Path
    """Where the user's programs look for plugins, below the user's folder."""
    system: Path
    """Where all users' programs look for them."""


_FORMATS = {
    "lv2": _Format("LV2", "liveband.lv2", "liveband.so", Path(".lv2"), _SYSTEM / "lv2"),
    "clap": _Format("CLAP", "liveband", "liveband.clap", Path(".clap"), _SYSTEM / "clap"),
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("action", choices=("install", "uninstall"), metavar="ACTION", help="install, uninstall")
    for option, each in _FORMATS.items():
        add(
            f"--{option}",
            type=Path,
            metavar="FOLDER",
            help=f"{each.name} plugins of the DAW (~/{each.home})",
        )
    add(
        "--from",
        type=Path,
        dest="built",
        metavar="FOLDER",
        help="what `make plugins` has built (build/plugins of this checkout)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Copy or remove the plugins, and print what was done; return the exit code.

    Raises:
        ConfigError: Something else has a plugin's name where it is to be.
        EnvironmentMissing: The plugins are not built.
        OSError: A folder cannot be written.
    """
    folders = {
        option: getattr(arguments, option) or Path.home() / each.home
        for option, each in _FORMATS.items()
    }
    for option, each in _FORMATS.items():
        _refuse_strangers(folders[option] / each.folder, each)
    if arguments.action == "uninstall":
        for option, each in _FORMATS.items():
            _uninstall(each, folders[option] / each.folder)
        return 0
    built = arguments.built or Path(bridge.__file__).parents[1] / "build" / "plugins"
    ready = [
        option for option, each in _FORMATS.items() if _is_plugin(built / each.folder, each)
    ]
    if not ready:
        return _explain(built, is_given=arguments.built is not None)
    for option, each in _FORMATS.items():
        if option in ready:
            _install(each, built / each.folder, folders[option])
        else:
            print(f"{each.name}: not built in {built}: make plugins")
    return 0


def _is_plugin(folder: Path, each: _Format) -> bool:
    return (folder / each.library).is_file()


def _refuse_strangers(target: Path, each: _Format) -> None:
    if (target.exists() or target.is_symlink()) and not _is_plugin(target, each):
        raise ConfigError(
            f"{target} is in the way and is not our {each.name} plugin, which has a file "
            f"{each.library}: move it away, or give another folder with --{each.name.lower()}"
        )


def _explain(built: Path, *, is_given: bool) -> int:
    """Say why there is nothing to install.

    Raises:
        EnvironmentMissing: There are no plugins anywhere.
    """
    found = [
        f"{each.name}: {each.system / each.folder}"
        for each in _FORMATS.values()
        if _is_plugin(each.system / each.folder, each)
    ]
    if is_given or not found:
        raise EnvironmentMissing(
            f"no plugins are built in {built}: run `make plugins` in a checkout of liveband "
            "and then this command there, or install the Debian package, which brings them"
        )
    print("the plugins are there for all users:", *found, sep="\n")
    return 0


def _install(each: _Format, source: Path, folder: Path) -> None:
    """Copy a plugin beside its place and exchange it, so that a DAW never sees half of one."""
    target = folder / each.folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".liveband-", dir=folder) as draft:
        new = Path(draft, "new")
        shutil.copytree(source, new)
        words = (sys.executable, "-P", "-m", "bridge")
        (new / "program").write_text("\n".join(words) + "\n", encoding="utf-8")
        had_one = target.exists()
        if had_one:
            target.rename(Path(draft, "old"))
        new.rename(target)
    print(f"{each.name}: {'replaced' if had_one else 'installed'} {target}")


def _uninstall(each: _Format, target: Path) -> None:
    if not target.exists():
        print(f"{each.name}: there is none in {target.parent}")
        return
    if target.is_symlink():
        target.unlink()
    else:
        shutil.rmtree(target)
    print(f"{each.name}: removed {target}")
