"""The ledger as a file that proves itself: one canonical line for each event, and the signed checkpoint as the last.

    {"event":{…},"leaf":"<64 hex digits>","seq":17}
    {"checkpoint":"<the signed note>"}

The hash of a line's event is SHA-256(0x00 ‖ the bytes between ``"event":`` and ``,"leaf"``), so it is checked without
reading the JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import BinaryIO

from portal.ledger.canonical import LEAF, canonical
from portal.ledger.checking import Check, Fault, Found
from portal.ledger.lines import Line
from portal.ledger.notes import NoteMisshapen, Signed, Verifier, opened
from portal.ledger.tiles import WIDTH

_START, _END = b'{"event":', b'{"checkpoint":'
_FIXED = len(b',"leaf":"') + 64 + len(b'","seq":') + len(b"}\n")
_SEQ = re.compile(rb',"leaf":"[0-9a-f]{64}","seq":([1-9][0-9]{0,18})\}\n?$')


def written(portions: Iterable[list[Line]], signed: Signed) -> Iterator[bytes]:
    """The file's content for the events that the checkpoint covers."""
    for portion in portions:
        yield b"".join(
            b'%s%s,"leaf":"%s","seq":%d}\n' % (_START, content, stored.hex().encode(), seq)
            for seq, content, _, stored in portion
        )
    yield canonical({"checkpoint": signed.note}) + b"\n"


def check_file(stream: BinaryIO, check: Check, key: Verifier) -> Signed:
    """Read to the end and return the checkpoint that the file ends with.

    :raises Found: a line does not fit its place, its hash or the signed root.
    :raises Refusal: the checkpoint is not signed by the key.
    """
    seq = 0
    leaves: list[bytes] = []
    for line in stream:
        if line.startswith(_END):
            check.add(leaves)
            return _ended(line, stream, check, key)
        seq += 1
        content = line[len(_START) : -(_FIXED + len(str(seq)))]
        leaf = sha256(LEAF + content)
        if line != b'%s%s,"leaf":"%s","seq":%d}\n' % (_START, content, leaf.hexdigest().encode(), seq):
            check.add(leaves)
            check.fail(*_what_is_wrong(line, seq))
        leaves.append(leaf.digest())
        if len(leaves) == WIDTH:
            check.add(leaves)
            leaves = []
    check.add(leaves)
    check.fail(seq + 1, "missing, and so is the checkpoint: the file ends too early")
    raise AssertionError("fail() always raises")


def _ended(line: bytes, stream: BinaryIO, check: Check, key: Verifier) -> Signed:
    try:
        note = json.loads(line)["checkpoint"]
        if line != canonical({"checkpoint": note}) + b"\n":
            raise NoteMisshapen
    except (ValueError, KeyError, TypeError):
        raise NoteMisshapen from None
    signed = opened(note, key)
    if stream.read(1):
        raise Found(Fault(check.count + 1, "something stands after the checkpoint, where nothing may follow"))
    if check.count > signed.size:
        check.fail(signed.size + 1, "put in: the signed checkpoint ends before it")
    check.compare(signed)
    return signed


def _what_is_wrong(line: bytes, seq: int) -> tuple[int, str]:
    found = _SEQ.search(line)
    if found is None or not line.startswith(_START):
        return seq, "altered: the line is not one of an event"
    told = int(found[1])
    if told == seq:
        return seq, "altered: it does not give its hash"
    if told == seq - 1:
        return told, "stands twice: one of the two was put in"
    return seq, f"missing or moved: number {told} stands in its place"
