"""Runs a Max patch of our few objects, to see what it sends and shows.

Cords are followed depth first; time passes when told to; the network is a few lists.
"""

import re

SECOND_MS = 1000


class Machine:
    """One patch.

    Attributes:
        sent: What left by the outlet, as lists.
        shown: What the boxes of a scripting name hold.
    """

    def __init__(self, patcher):
        self.boxes = {each["box"]["id"]: each["box"] for each in patcher["boxes"]}
        self.cords = [
            (*line["patchline"]["source"], *line["patchline"]["destination"])
            for line in patcher["lines"]
        ]
        self.named = {
            box["varname"]: key for key, box in self.boxes.items() if "varname" in box
        }
        self.sent, self.shown = [], {}
        self.packets, self.ports = [], {}
        """Packets as ``(port, message)``, and the port of each box that has one."""
        self._kept, self._delays, self._lit = {}, {}, {}
        for name, key in self.named.items():
            held = self.boxes[key]["saved_attribute_attributes"]["valueof"]
            self.shown[name] = held.get("parameter_initial", [0])[0]

    def open(self, *arguments):
        """Load the patch, with the arguments of the box it is in."""
        self._arguments = list(arguments)
        for key, box in self.boxes.items():
            name = box.get("text", "").partition(" ")[0]
            if name in ("udpsend", "udpreceive"):
                self.ports[key] = int(box["text"].split()[-1])
        for name in ("patcherargs", "loadbang"):
            for key in self._all(name):
                if name == "loadbang":
                    self._out(key, 0, ["bang"])
                else:
                    defaults = [_number(each) for each in self.boxes[key]["text"].split()[1:]]
                    given = self._arguments + defaults[len(self._arguments) :]
                    self._out(key, 0, given)

    def tick(self):
        """Let a second pass; flashes end, and what was delayed by up to a second comes."""
        for key in self._lit:
            self.shown[key] = None
        for key in self._all("metro"):
            if self._kept.get(key):
                self._out(key, 0, ["bang"])
        self._delays = {key: left - SECOND_MS for key, left in self._delays.items()}
        for key in [key for key, left in self._delays.items() if left <= 0]:
            del self._delays[key]
            self._out(key, 0, ["bang"])

    def receive(self, *message):
        """Let a packet arrive at the port that is listened on."""
        for key in self._all("udpreceive"):
            self._out(key, 0, list(message))

    def control(self, number, value):
        """Let a MIDI controller move, on channel 1: the parts come from right to left."""
        for key in self._all("ctlin"):
            for outlet, part in ((2, 1), (1, number), (0, value)):
                self._out(key, outlet, [part])

    def close(self):
        """Close the patch."""
        for key in self._all("freebang"):
            self._out(key, 0, ["bang"])

    def listens_at(self):
        """Return the port that is listened on."""
        return next(self.ports[key] for key in self._all("udpreceive"))

    def _all(self, name):
        return [
            key
            for key, box in self.boxes.items()
            if box.get("text", "").partition(" ")[0] == name
        ]

    def feed(self, *message):
        """Let a message come in by the inlet."""
        for key, box in self.boxes.items():
            if box["maxclass"] == "inlet":
                self._out(key, 0, list(message))

    def move(self, name, value):
        """Let a hand move a control."""
        self.shown[name] = value
        self._live_out(self.named[name])

    def _live_out(self, key):
        box = self.boxes[key]
        held = box["saved_attribute_attributes"]["valueof"]
        value = self.shown[box["varname"]]
        if held["parameter_type"] == 2:
            self._out(key, 1, [held["parameter_enum"][int(value)]])
        self._out(key, 0, [value])

    def _out(self, key, outlet, message):
        for source, port, target, inlet in self.cords:
            if (source, port) == (key, outlet):
                self._in(target, inlet, list(message))

    def _in(self, key, inlet, message):
        box = self.boxes[key]
        maxclass = box["maxclass"]
        if maxclass == "outlet":
            self.sent.append(message)
        elif maxclass == "message":
            self._message(key, box["text"], message)
        elif maxclass.startswith("live.") and "varname" in box:
            self._live_in(key, box, message)
        elif maxclass == "led":
            self._led(key, box, message)
        elif maxclass == "newobj":
            name, *arguments = box["text"].split()
            if name in ("gate", "int", "pack"):
                getattr(self, f"_{name}")(key, inlet, arguments, message)
                return
            assert inlet == 0, (box["text"], inlet)
            names = {"+": "_plus", "<": "_less", "/": "_over", ">=": "_from"}
            getattr(self, names.get(name, f"_{name}"))(key, arguments, message)
        else:
            self.shown[key] = message

    def _live_in(self, key, box, message):
        held = box["saved_attribute_attributes"]["valueof"]
        head, *rest = message
        if head == "set":
            self.shown[box["varname"]] = rest[0]
        elif head == "setsymbol":
            self.shown[box["varname"]] = held["parameter_enum"].index(rest[0])
        elif head == "_parameter_range":
            held["parameter_enum"] = rest
        else:
            self.shown[box["varname"]] = head
            self._live_out(key)

    def _led(self, key, box, message):
        """Flash in the colour that was set last: ``shown`` is a colour, or None while dark."""
        head, *rest = message
        if head == "oncolor":
            self._lit[key] = [float(each) for each in rest]
        else:
            assert message == ["bang"], message
            self.shown[key] = self._lit.get(key, box["oncolor"])

    def _message(self, key, text, message):
        if message[:1] == ["set"]:
            self.boxes[key]["text"] = " ".join(map(str, message[1:]))
            return
        words = text.replace("$1", str(message[0]) if message else "0")
        found = re.findall(r'"([^"]*)"|(\S+)', words)
        self._out(key, 0, [_number(quoted or plain) for quoted, plain in found])

    def _route(self, key, arguments, message):
        for number, argument in enumerate(arguments):
            if str(message[0]) == argument:
                self._out(key, number, message[1:] or ["bang"])
                return
        self._out(key, len(arguments), message)

    def _prepend(self, key, arguments, message):
        self._out(key, 0, [*arguments, *message])

    def _t(self, key, arguments, message):
        for number in reversed(range(len(arguments))):
            self._out(key, number, ["bang"] if arguments[number] == "b" else message)

    def _expr(self, key, arguments, message):
        formula = " ".join(arguments).replace("$f1", repr(float(message[0])))
        assert re.fullmatch(r"[\d.()+*><\s-]+", formula), formula
        self._out(key, 0, [int(eval(formula))])

    def _sprintf(self, key, arguments, message):
        assert arguments[0] == "symout", arguments
        self._out(key, 0, [" ".join(arguments[1:]) % float(message[0])])

    def _pack(self, key, inlet, arguments, message):
        held = self._kept.setdefault(key, [_number(each) for each in arguments])
        held[inlet] = message[0]
        if inlet == 0:
            self._out(key, 0, held)

    def _over(self, key, arguments, message):
        assert "." in arguments[0], "without a point Max divides whole numbers"
        self._out(key, 0, [message[0] / float(arguments[0])])

    def _from(self, key, arguments, message):
        self._out(key, 0, [int(message[0] >= int(arguments[0]))])

    def _zl(self, key, arguments, message):
        if arguments == ["rev"]:
            self._out(key, 0, message[::-1])
            return
        assert arguments[0] == "nth", arguments
        if len(message) >= int(arguments[1]):
            self._out(key, 0, [message[int(arguments[1]) - 1]])

    def _gate(self, key, inlet, arguments, message):
        if inlet == 0:
            self._kept[key] = message[0]
        elif self._kept.get(key, int(arguments[1])):
            self._out(key, 0, message)

    def _int(self, key, inlet, arguments, message):
        held = self._kept.setdefault(key, int(arguments[0]) if arguments else 0)
        if inlet == 1:
            self._kept[key] = int(message[0])
        elif message[0] == "set":
            self._kept[key] = int(message[1])
        elif message == ["bang"]:
            self._out(key, 0, [held])
        else:
            self._kept[key] = int(message[0])
            self._out(key, 0, [int(message[0])])

    def _plus(self, key, arguments, message):
        self._out(key, 0, [message[0] + int(arguments[0])])

    def _less(self, key, arguments, message):
        self._out(key, 0, [int(message[0] < int(arguments[0]))])

    def _change(self, key, arguments, message):
        if self._kept.get(key, 0) != message[0]:
            self._kept[key] = message[0]
            self._out(key, 0, message)

    def _sel(self, key, arguments, message):
        for number, argument in enumerate(arguments):
            if str(message[0]) == argument:
                self._out(key, number, ["bang"])
                return
        self._out(key, len(arguments), message)

    def _counter(self, key, arguments, message):
        low, high = map(int, arguments)
        now = self._kept.get(key, low - 1) + 1
        self._kept[key] = low if now > high else now
        self._out(key, 0, [self._kept[key]])

    def _delay(self, key, arguments, message):
        assert message == ["bang"], "a number would be another delay"
        self._delays[key] = int(arguments[0])

    def _metro(self, key, arguments, message):
        self._kept[key] = message[0]
        if message[0]:
            self._out(key, 0, ["bang"])

    def _udpsend(self, key, arguments, message):
        if message[0] == "port":
            self.ports[key] = message[1]
        elif message[0] != "host":
            self.packets.append((self.ports[key], message))

    def _udpreceive(self, key, arguments, message):
        assert message[0] == "port", message
        self.ports[key] = message[1]


def _number(word):
    try:
        return int(word)
    except ValueError:
        return word
