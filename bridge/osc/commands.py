"""Table of the commands of the protocol: addresses that run something and hold no value."""

import re
from dataclasses import dataclass

from bridge.osc.codec import Argument

__all__ = ["COMMANDS", "Answer", "Command"]

_PRESET_S = 60.0
"""Longest time a preset may take: it waits for the beat, at most 48 s."""
_ANSWER = re.compile(r"`/(?!done)([a-z/]+) ([^`]+)`")
"""Path and fields of a reply other than ``/done``, as ``Command.replies`` shows it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Form of the replies that hold what a command answers."""

    path: str
    """Below the root."""
    fields: tuple[str, ...]
    """Names of the arguments, in order."""
    repeats: bool
    """Whether the last one comes any number of times."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """One command: its arguments and replies."""

    name: str
    """Path below the root."""
    takes: str = ""
    """Arguments as ``tag:name``, optional ones in brackets; ``is`` is either type.

    ``[any ...]`` takes anything. ``s:file`` takes the name of a file, never a path, and makes
    the whole command one for trusted hosts.
    """
    replies: str
    """Replies, as shown in the reference; a last field followed by ``...`` comes repeatedly."""
    help: str
    """One line for the reference."""
    reports: bool = False
    """Whether it reports something without an argument, so that ``/get`` may read it too."""
    query: bool = False
    """Whether it only answers and changes nothing, whatever its arguments."""
    guarded: bool = False
    """Whether it is for this machine and trusted hosts only."""
    within_s: float = 12.0
    """Longest time its reply may take."""

    @property
    def for_trusted(self) -> bool:
        """Whether it is refused to hosts that are not trusted."""
        return self.guarded or "s:file" in self.takes

    @property
    def lists(self) -> bool:
        """Whether it answers in any number of replies, one for each item of a list."""
        return " each" in self.replies

    @property
    def ends_in_done(self) -> bool:
        """Whether ``/done`` follows when it has been carried out."""
        return "`/done" in self.replies

    @property
    def answer(self) -> Answer | None:
        """What it answers but ``/done``; None for nothing, or the values of other addresses.

        Example:
            >>> COMMANDS["jack/graph"].answer
            Answer(path='jack/graph', fields=('source', 'destination'), repeats=False)
        """
        found = _ANSWER.search(self.replies)
        if found is None:
            return None
        specs = found[2].removesuffix(" ...").split()
        names = tuple(spec.partition(":")[2] for spec in specs)
        return Answer(found[1], names, repeats=found[2].endswith(" ..."))

    def asks(self, arguments: tuple[Argument, ...]) -> bool:
        """Return whether it only answers when it comes with these arguments."""
        return self.query or (self.reports and not arguments)


COMMANDS = {
    command.name: command
    for command in (
        Command(
            name="ping",
            takes="[any ...]",
            replies="`/pong s:version i:protocol i:pid f:uptime_s any:echo ...`",
            help="Check that the bridge answers; further arguments come back",
            query=True,
        ),
        Command(
            name="version",
            replies="`/version s:version i:protocol`",
            help="Ask which bridge this is",
            reports=True,
            query=True,
        ),
        Command(
            name="stems",
            replies="`/stems s:stem ...`",
            help="List the stems on offer",
            reports=True,
            query=True,
        ),
        Command(
            name="get",
            takes="s:address",
            replies="`ADDR value`",
            help="Read an address, or all that a pattern covers",
            query=True,
        ),
        Command(
            name="dump",
            takes="[s:pattern]",
            replies="`ADDR value` each, `/done /liveband/dump i:count`",
            help="Read everything",
            query=True,
        ),
        Command(
            name="describe",
            takes="s:address",
            replies="`/description s:address s:tags f:low f:high f:default s:unit s:help "
            "s:choice ...`",
            help="Ask what an address takes; its choices follow, the default being an index",
            query=True,
        ),
        Command(
            name="register",
            takes="[is:where] [i:lease_s]",
            replies="`/registered s:url i:lease_s` each",
            help="Send me every change, on that port of mine, at that `HOST:PORT` or "
            "`osc.udp://HOST:PORT/`, or where I send from; a lease of 0 never ends",
        ),
        Command(
            name="unregister",
            takes="[is:where]",
            replies="`/done`",
            help="Stop sending me changes, there or anywhere",
        ),
        Command(
            name="subscribe",
            takes="s:pattern [i:ms]",
            replies="values now, `/done /liveband/subscribe i:count`",
            help="Send me what the pattern covers as it changes, at most every `ms` (10..5000)",
        ),
        Command(
            name="unsubscribe",
            takes="[s:pattern]",
            replies="`/done`",
            help="End one subscription, or all of them",
        ),
        Command(
            name="clients",
            replies="`/clients s:url i:subscriptions f:silent_s` each, "
            "`/done /liveband/clients i:count`",
            help="List the clients that are sent changes",
            query=True,
        ),
        Command(
            name="instances",
            replies="`/instances i:port i:page_port s:name i:pid` each, "
            "`/done /liveband/instances i:count`",
            help="List the bridges of this user that run, such as those of several plugins: "
            "OSC port, port of the remote, name of the JACK client or of the plugin's host",
            query=True,
        ),
        Command(
            name="sync",
            takes="[i:id]",
            replies="`/synced i:id`",
            help="Answer when everything received before has finished; bundles dated ahead "
            "do not count",
            query=True,
        ),
        Command(
            name="record/start",
            takes="[s:file]",
            replies="`/done /liveband/record/start s:name`",
            help="Record mix and stem as WAV files, named after the time unless given a name",
        ),
        Command(
            name="record/stop",
            replies="`/done /liveband/record/stop s:name`",
            help="End the recording",
        ),
        Command(
            name="bank/store",
            takes="i:bank",
            replies="`/done /liveband/bank/store i:bank`",
            help="Store what the model has heard so far in bank 1..8, until the program ends",
        ),
        Command(
            name="bank/recall",
            takes="i:bank",
            replies="`/done /liveband/bank/recall i:bank`",
            help="Continue from what a bank holds instead of what was heard since",
        ),
        Command(
            name="bank/prefill",
            takes="i:bank s:file",
            replies="`/done /liveband/bank/prefill i:bank s:file`",
            help="Let the model hear a sound file of the recordings folder and keep that in a "
            "bank, e.g. for `/reset/to`; playing goes on meanwhile",
            within_s=600.0,
        ),
        Command(
            name="bank/clear",
            takes="i:bank",
            replies="`/done /liveband/bank/clear i:bank`",
            help="Empty a bank",
        ),
        Command(
            name="model",
            takes="[s:file]",
            replies="`/done /liveband/model s:name`; without a name `/model s:name`",
            help="Play with another checkpoint: it is loaded beside the one that plays, and "
            "takes over without a gap; `NAME-1s` begins 1 s ahead; which one plays is also in "
            "`/model/info`",
            reports=True,
            within_s=200.0,
        ),
        Command(
            name="model/list",
            replies="`/model/list i:number s:name` each, `/done ADDR i:count`",
            help="List the checkpoints that can play live: those of the program, and your own",
            reports=True,
            query=True,
        ),
        Command(
            name="preset/list",
            replies="`/preset/list i:number s:name` each, `/done ADDR i:count`",
            help="List the presets",
            reports=True,
            query=True,
        ),
        Command(
            name="preset/load",
            takes="s:file",
            replies="`/done /liveband/preset/load s:name`",
            help="Set the controls as a preset says, in one step, at the line of `/quantize`",
            within_s=_PRESET_S,
        ),
        Command(
            name="preset/select",
            takes="i:number",
            replies="`/done /liveband/preset/select s:name`",
            help="Load a preset by its number in the list, as MIDI program change does",
            within_s=_PRESET_S,
        ),
        Command(
            name="preset/next",
            replies="`/done /liveband/preset/next s:name`",
            help="Load the next preset; after the last comes the first",
            within_s=_PRESET_S,
        ),
        Command(
            name="preset/prev",
            replies="`/done /liveband/preset/prev s:name`",
            help="Load the preset before",
            within_s=_PRESET_S,
        ),
        Command(
            name="preset/save",
            takes="[s:file]",
            replies="`/done /liveband/preset/save s:name`",
            help="Save the controls as they are, under a name or over the preset that is on",
        ),
        Command(
            name="preset/delete",
            takes="s:file",
            replies="`/done /liveband/preset/delete s:name`",
            help="Remove a preset",
        ),
        Command(
            name="jack/ports",
            takes="[s:which]",
            replies="`/jack/ports s:port` each, `/done /liveband/jack/ports i:count`",
            help="List every port of the host; or its `own`, or those of other programs that "
            "can be connected to them: audio `sources` or `destinations`, `midi/sources` or "
            "`midi/destinations`",
            query=True,
        ),
        Command(
            name="jack/connect",
            takes="s:source s:destination",
            replies="`/done` or `/fail`",
            help="Connect an output port to an input port, of audio or MIDI; a name without a "
            "colon is one of our own ports",
        ),
        Command(
            name="jack/disconnect",
            takes="s:source s:destination",
            replies="`/done` or `/fail`",
            help="Remove a connection",
        ),
        Command(
            name="midi/learn",
            takes="s:control [fs:low] [fs:high] [s:takeover]",
            replies="`/midi/learned s:address s:type i:channel i:number s:mode`, `/done`; "
            "`/fail` 8 after 30 s",
            help="Bind the next MIDI controller moved, over its whole range or this one",
        ),
        Command(
            name="midi/learn/cancel",
            replies="`/done /liveband/midi/learn/cancel i:was_learning`",
            help="Stop learning",
        ),
        Command(
            name="midi/map",
            takes="s:control s:type i:channel i:number [fs:low] [fs:high] [s:takeover] "
            "[s:mode]",
            replies="`/done`",
            help="Bind a MIDI controller; channel 0 is any",
        ),
        Command(
            name="midi/unmap",
            takes="s:control",
            replies="`/done /liveband/midi/unmap s:address i:count`",
            help="Remove the MIDI bindings of a control; its default ones at the second call",
        ),
        Command(
            name="midi/list",
            takes="[s:device]",
            replies="`/midi/binding s:address s:type i:channel i:number s:mode s:takeover "
            "any:low any:high s:origin s:device` each, `/done /liveband/midi/list i:count`",
            help="List what MIDI controllers move",
            query=True,
        ),
        Command(
            name="midi/clear",
            takes="[s:device]",
            replies="`/done /liveband/midi/clear i:count`",
            help="Go back to the default MIDI map",
        ),
        Command(
            name="midi/load",
            takes="[s:file]",
            replies="`/done /liveband/midi/load s:device i:count`",
            help="Take a MIDI map that was saved, or the device's own again",
        ),
        Command(
            name="midi/save",
            takes="[s:file]",
            replies="`/done /liveband/midi/save s:file`",
            help="Save the MIDI map under a name; changes are kept in the device's own anyway",
        ),
        Command(
            name="jack/graph",
            replies="`/jack/graph s:source s:destination` each, `/done ADDR i:count`",
            help="List the connections of the bridge, audio and MIDI",
            reports=True,
            query=True,
        ),
        Command(
            name="jack/restore",
            replies="`/done /liveband/jack/restore i:made`",
            help="Restore every remembered connection whose ports are there",
        ),
        Command(
            name="quit",
            replies="`/done`, then `/bye s:reason` to every client",
            help="End the program",
            guarded=True,
        ),
    )
}
"""By name."""
