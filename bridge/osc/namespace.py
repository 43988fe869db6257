"""The address space as OSCQuery describes it.

Source:
    The OSCQuery proposal, https://github.com/Vidvox/OSCQueryProposal.
"""

from collections.abc import Mapping
from dataclasses import fields
from http import HTTPStatus

from bridge.common.errors import BridgeError
from bridge.controls.parameters import Kind, Parameter
from bridge.osc.actions import AddressTarget
from bridge.osc.codec import type_tag
from bridge.osc.commands import Command
from bridge.osc.namespace_diff import NOTICES
from bridge.osc.values import AddressValues

__all__ = ["ATTRIBUTES", "EXTENSIONS", "Node", "describe", "lookup"]

Node = dict[str, object]
"""A JSON object."""

_OPTIONAL = ("RANGE", "DESCRIPTION", "UNIT", "CLIPMODE")

ATTRIBUTES = frozenset(("FULL_PATH", "CONTENTS", "TYPE", "ACCESS", "VALUE", *_OPTIONAL))
"""Attributes a query may ask for."""
EXTENSIONS = {name: True for name in ("ACCESS", "VALUE", *_OPTIONAL, "LISTEN", *NOTICES)}
"""Optional parts of the proposal that are implemented."""
_ABSENT = frozenset(("TAGS", "EXTENDED_TYPE", "CRITICAL", "OVERLOADS", "HTML"))
"""Optional attributes that are not implemented."""

_READ, _WRITE = 1, 2
_UNITS = {"dB": "gain.db", "s": "time.second", "ms": "time.ms", "bpm": "time.bpm"}


def lookup(view: AddressValues, path: str, attribute: str | None) -> tuple[HTTPStatus, Node]:
    """Return the answer to a query.

    Args:
        view: Values of all addresses.
        path: A full address, or the beginning of some.
        attribute: The one asked for; None for all of them.

    Returns:
        200 and a JSON object, empty if the attribute does not apply or has no value yet.
        Otherwise an empty object and 404 for an unknown path, 400 for an unknown attribute,
        204 for one that is not implemented and for the value of an address that cannot be
        read.
    """
    if attribute is not None and attribute not in ATTRIBUTES | _ABSENT:
        return HTTPStatus.BAD_REQUEST, {}
    node = describe(view, path.rstrip("/") or "/")
    if node is None:
        return HTTPStatus.NOT_FOUND, {}
    if attribute is None:
        return HTTPStatus.OK, node
    unreadable = attribute == "VALUE" and node["ACCESS"] not in (_READ, _READ | _WRITE)
    if attribute in _ABSENT or unreadable:
        return HTTPStatus.NO_CONTENT, {}
    return HTTPStatus.OK, {attribute: node[attribute]} if attribute in node else {}


def describe(view: AddressValues, path: str) -> Node | None:
    """Return a node with all below it, None if there is none."""
    addresses = view.addresses
    leaves: dict[str, Node] = {
        address: _target_node(view, target)
        for address, target in addresses.targets.items()
        if _within(address, path)
    }
    for address, command in addresses.commands.items():
        if _within(address, path):
            leaves[address] = _command(address, command)
    return _tree(path, leaves) if leaves else None


def _within(address: str, path: str) -> bool:
    return path == "/" or address == path or address.startswith(f"{path}/")


def _tree(root: str, leaves: Mapping[str, Node]) -> Node:
    """Return the tree of some leaves below a root; a leaf may have leaves below it, too."""
    top: Node = {"FULL_PATH": root, "ACCESS": 0}
    nodes = {root: top}
    for address, leaf in leaves.items():
        inside = address.removeprefix(root).strip("/")
        path, node = root, top
        for name in inside.split("/") if inside else ():
            path = f"{path.rstrip('/')}/{name}"
            contents = node.setdefault("CONTENTS", {})
            assert isinstance(contents, dict)
            node = nodes.setdefault(path, {"FULL_PATH": path, "ACCESS": 0})
            contents[name] = node
        node.update(leaf)
    return top


def _target_node(view: AddressValues, target: AddressTarget) -> Node:
    row = target.row
    node: Node = {"FULL_PATH": target.address, "DESCRIPTION": row.help}
    if row.kind is Kind.TRIGGER:
        return {**node, "ACCESS": _WRITE, "TYPE": "I"}
    if row.reading is not None:
        tags = "".join(type_tag(field.type) for field in fields(row.reading))
        node |= {"ACCESS": _READ, "TYPE": tags}
    elif target.mirror:
        node |= {"ACCESS": _READ | _WRITE, "TYPE": "f", "CLIPMODE": ["both"]}
        node["RANGE"] = [{"MIN": 0.0, "MAX": 1.0}]
    else:
        node |= {"ACCESS": _READ | _WRITE, **_control(row)}
    try:
        values = view.arguments(target.address)
        node["VALUE"] = [int(value) if isinstance(value, bool) else value for value in values]
    except BridgeError:  # not known yet: the proposal then wants no VALUE
        return node
    return node


def _control(row: Parameter) -> Node:
    """Return type, range and unit of a control."""
    unit: Node = {"UNIT": [_UNITS.get(row.unit, row.unit)]} if row.unit else {}
    if row.kind is Kind.TOGGLE:
        return {"TYPE": "i", "RANGE": [{"VALS": [0, 1]}]}
    if row.kind is Kind.CHOICE:
        tag = "s" if isinstance(row.choices[0], str) else "f"
        return {"TYPE": tag, "RANGE": [{"VALS": list(row.choices)}], **unit}
    whole = row.kind is Kind.INT
    low, high = (int(row.low), int(row.high)) if whole else (row.low, row.high)
    span = {"MIN": low, "MAX": high}
    return {"TYPE": "i" if whole else "f", "RANGE": [span], "CLIPMODE": ["both"], **unit}


def _command(address: str, command: Command) -> Node:
    node: Node = {"FULL_PATH": address, "DESCRIPTION": command.help, "ACCESS": _WRITE}
    takes = [] if command.takes == "[any ...]" else command.takes.split()
    tags = "".join(spec.strip("[]").partition(":")[0][-1] for spec in takes)
    return {**node, "TYPE": tags} if tags else node
