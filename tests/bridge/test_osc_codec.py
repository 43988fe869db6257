"""Bytes in, messages out, and nothing else ever."""

import math
import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from bridge.osc.codec import (
    Bundle,
    MalformedPacketError,
    Message,
    Opaque,
    decode,
    encode,
    encode_bundle,
    parse,
    time_tag,
    unix_time,
)
from bridge.osc.pattern import PatternError, matches

FLOAT32 = st.floats(width=32, allow_nan=False)
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
ADDRESS = st.from_regex(r"/[!-~]{0,40}", fullmatch=True).filter(lambda text: text != "#bundle")
ARGUMENTS = st.lists(st.one_of(st.integers(-(2**31), 2**31 - 1), FLOAT32, TEXT), max_size=8)
MESSAGES = st.builds(Message, ADDRESS, ARGUMENTS.map(tuple))


def refusal(packet):
    """Return why a packet is refused; empty if it is read."""
    try:
        decode(packet)
    except MalformedPacketError as error:
        return str(error)
    return ""


def bundle(*elements, tag=1):
    parts = [struct.pack(">i", len(element)) + element for element in elements]
    return b"#bundle\0" + struct.pack(">Q", tag) + b"".join(parts)


@given(MESSAGES)
def test_what_is_encoded_is_decoded(message):
    assert decode(encode(message)) == [message]


@given(MESSAGES)
def test_python_osc_reads_the_same(message):
    other = OscMessage(encode(message))
    assert other.address == message.address
    assert tuple(other.params) == message.arguments


@given(st.lists(MESSAGES, max_size=5), MESSAGES, st.integers(0, 2**64 - 1))
def test_bundles_are_taken_apart_in_order(messages, last, tag):
    inner = bundle(*map(encode, messages), tag=tag)
    assert decode(bundle(inner, encode(last), tag=tag)) == [*messages, last]


def test_python_osc_bundles_are_read():
    builder = OscBundleBuilder(IMMEDIATELY)
    message = OscMessageBuilder("/a")
    message.add_arg(0.5)
    builder.add_content(message.build())
    assert decode(builder.build().dgram) == [Message("/a", (0.5,))]


@pytest.mark.parametrize("tag", [0, 1, 2**63, 2**64 - 1])
def test_the_time_tag_of_a_bundle_is_read(tag):
    packet = bundle(encode(Message("/a", (1,))), tag=tag)
    assert parse(packet) == Bundle(tag, (Message("/a", (1,)),))
    with pytest.raises(MalformedPacketError, match="without its time tag"):
        decode(packet[:12])


def test_bundles_keep_their_order_and_depth():
    one, two = Message("/a", (1,)), Message("/b")
    inner = bundle(encode(two), tag=7)
    assert parse(bundle(inner, encode(one))) == Bundle(1, (Bundle(7, (two,)), one))


@given(st.lists(MESSAGES, max_size=5), st.integers(0, 2**64 - 1))
def test_bundles_are_written_as_they_are_read(messages, tag):
    assert parse(encode_bundle(tag, messages)) == Bundle(tag, tuple(messages))


def test_python_osc_dates_bundles_as_we_do():
    moment_s = 1.7e9 + 0.25
    read = parse(OscBundleBuilder(moment_s).build().dgram)
    assert unix_time(read.time_tag) == pytest.approx(moment_s, abs=1e-6)
    assert unix_time(time_tag(moment_s)) == moment_s


@pytest.mark.parametrize(
    ("tag", "value", "received"),
    [
        ("h", 2**40, 2**40),
        ("d", math.pi, math.pi),
        ("T", True, True),
        ("F", False, False),
        ("b", b"\1\2\3", Opaque("b")),
        ("N", None, Opaque("N")),
        ("r", 0xFF0000FF, Opaque("r")),
        ("m", (0, 144, 60, 64), Opaque("m")),
    ],
)
def test_all_types_of_the_standard_are_understood(tag, value, received):
    builder = OscMessageBuilder("/a")
    builder.add_arg(value, tag)
    builder.add_arg(5, "i")
    assert decode(builder.build().dgram) == [Message("/a", (received, 5))]


@pytest.mark.parametrize(
    ("argument", "tags", "back"),
    [
        (True, ",i", 1),
        (2**40, ",s", str(2**40)),
        (1e300, ",f", math.inf),
        (-1e300, ",f", -math.inf),
        (Opaque("b"), ",s", "an argument of OSC type 'b'"),
        ("a\0b", ",s", "ab"),
        ("a\ud800", ",s", "a?"),
    ],
)
def test_only_tags_that_everybody_reads_go_out(argument, tags, back):
    packet = encode(Message("/abc", (argument,)))
    assert packet[8:].split(b"\0")[0].decode() == tags
    assert decode(packet) == [Message("/abc", (back,))]


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"/a",
        b"/a\0",
        b"/a\0x",
        b"a\0\0\0,\0\0\0",
        b"/a b\0\0\0\0,\0\0\0",
        b"/\xff\0\0,\0\0\0",
        b"/\xc3\xa4\0,\0\0\0"[:8],
        b"/a\0\0i\0\0\0\0\0\0\1",
        b"/a\0\0,i\0\0",
        b"/a\0\0,i\0\0\0\0\0\1\0\0\0\1",
        b"/a\0\0,q\0\0\0\0\0\1",
        b"/a\0\0,[]\0",
        b"/a\0\0,s\0\0abcd",
        b"/a\0\0,s\0\0\xff\xfe\0\0",
        b"/a\0\0,b\0\0\0\0\0\x10\0\0\0\0",
        b"/a\0\0,b\0\0\xff\xff\xff\xff",
        b"/a\0\0,d\0\0\0\0\0\0",
        b"#bundle\0",
        b"#bundle\0\0\0\0\0",
        bundle(b""),
        bundle(b"/a\0"),
        b"#bundle\0" + b"\0" * 8 + struct.pack(">i", 64),
        b"#bundle\0" + b"\0" * 8 + struct.pack(">i", -4),
        b"#bundle\0" + b"\0" * 8 + b"\0\0",
    ],
)
def test_what_is_not_osc_is_refused(packet):
    with pytest.raises(MalformedPacketError):
        decode(packet)


@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        (b"/a\0\0,f\0\0", "0 bytes left for a value of 4"),
        (bundle(b"/a\0\0,f\0\0", b"/a\0\0"), "0 bytes left for a value of 4"),
        (bundle(b"/abc", b"/a\0\0"), "without its end"),
        (b"/a\0x,\0\0\0", "not padded"),
        (b"/a\0\0,bi\0\xff\xff\xff\xfc\0\0\0\1", "a blob of -4"),
        (b"/a\0\0,b\0\0\0\0\0\x10\0\0\0\0", "a blob of 16 of 4 bytes left"),
        (bundle(b"/a\0\0").replace(b"\4", b"\x08"), "a bundle element of 8 of 4 bytes left"),
        (bundle(b""), "a bundle element of 0 of 0 bytes left"),
        (b"/a\0\0,s\0\0\xff\0\0\0", "not UTF-8"),
    ],
)
def test_what_python_osc_takes_or_trips_over_is_refused(packet, reason):
    with pytest.raises(MalformedPacketError, match=reason):
        decode(packet)


def test_bundles_nest_only_so_deep():
    packet = encode(Message("/a"))
    for _ in range(8):
        packet = bundle(packet)
    assert decode(packet) == [Message("/a")]
    with pytest.raises(MalformedPacketError, match="within each other"):
        decode(bundle(packet))


def test_senders_without_type_tags_may_ask():
    assert decode(b"/a\0\0") == [Message("/a")]


def test_nothing_random_gets_through_as_an_exception():
    draw = random.Random(3)
    good = bundle(encode(Message("/liveband/stem", ("bass",))), encode(Message("/a", (1, 0.5))))
    for _ in range(20_000):
        packet = bytearray(good[: draw.randrange(len(good) + 1)])
        for _ in range(draw.randrange(4)):
            if packet:
                packet[draw.randrange(len(packet))] = draw.randrange(256)
        assert len(refusal(bytes(packet))) < 200


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_read_or_refused(packet):
    assert len(refusal(packet)) < 200


@pytest.mark.parametrize("filler", [b"\0", b"/", b"*", b"{", b"#", b"\xff", b",iiii"])
def test_the_largest_packets_are_read_or_refused(filler):
    for packet in (filler * 65504, b"/a\0\0," + filler * 65000):
        assert len(refusal(packet[:65504])) < 200


@pytest.mark.parametrize(
    ("pattern", "address", "covered"),
    [
        ("/a/b", "/a/b", True),
        ("/a/*", "/a/b", True),
        ("/a/*", "/a", False),
        ("/*", "/a/b", False),
        ("/*/*", "/a/b", True),
        ("/a*c", "/abbc", True),
        ("/a*c", "/ac", True),
        ("/a?c", "/ac", False),
        ("/a?c", "/abc", True),
        ("/[a-c]x", "/bx", True),
        ("/[a-c]x", "/dx", False),
        ("/[!a-c]x", "/dx", True),
        ("/[a-]x", "/-x", True),
        ("/{in,out}", "/out", True),
        ("/{in,out}", "/inout", False),
        ("/g*/{in,out}", "/gain/in", True),
        ("/{a,ab}c", "/abc", True),
        ("/a", "/ab", False),
    ],
)
def test_patterns(pattern, address, covered):
    assert matches(pattern, address) is covered


@pytest.mark.parametrize(
    "pattern", ["/[a", "/{a", "/a]", "/a}", "/" + "*" * 256, "/[!-\u2603]"]
)
def test_patterns_that_are_none_are_refused(pattern):
    with pytest.raises(PatternError):
        matches(pattern, "/a")


@given(st.text("ab", max_size=12))
def test_stars_that_would_explode_a_backtracking_matcher(tail):
    assert not matches("/" + "*a" * 100 + "*c", "/" + "a" * 100 + tail)
