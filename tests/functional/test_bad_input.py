"""Bad input through every door of a running node: it is refused, with a reason that stays, and the node goes on."""

import base64
import json
import os
import random
import re
import socket
import ssl

import grpc
import nacl.signing
import pytest

import ledger_format as lf
from client import Author, file_one, notification
from cluster import ASSENT, run, wait_until
from protos import entry as entry_pb
from protos import ledger, peer, record, revision
from scripted_peer import ScriptedPeer

# An unknown field: number 2000, one byte.
UNKNOWN_FIELD = lf.varint(2000 << 3 | 0) + b"\x01"


@pytest.fixture
def node(shared):
    """The node that gets it all; at the end of each test it still files, and so do the others."""
    yield shared["FRA"]
    for code in ("FRA", "IND"):
        client = shared[code].client()
        file_one(client, Author(shared, code).follow(client))
    assert all(other.running() for other in shared)
    shared.wait_for_agreement()


def request(entry, **changes):
    message = entry_pb.Entry(header=entry.header, signature=entry.signature, body=entry.body, salt=entry.salt)
    for name, value in changes.items():
        setattr(message, name, value)
    return ledger.SubmitRequest(entry=message, wait_until_final=True).SerializeToString()


def test_entries_that_are_malformed(shared, node, say):
    client = node.client()
    author = Author(shared, "FRA").follow(client)
    good = author.prepare(notification())
    malformed = ("INVALID_ARGUMENT", "MALFORMED")

    say("unknown fields, in the request, the entry and the header")
    assert client.bytes_refused(request(good) + UNKNOWN_FIELD) == malformed
    inner = entry_pb.Entry.FromString(
        entry_pb.Entry(header=good.header, signature=good.signature, body=good.body,
                       salt=good.salt).SerializeToString() + UNKNOWN_FIELD)
    whole = ledger.SubmitRequest(entry=inner).SerializeToString()
    assert UNKNOWN_FIELD in whole
    assert client.bytes_refused(whole) == malformed
    assert client.refused(author.prepare(notification(), header=good.header + UNKNOWN_FIELD)) == malformed

    say("headers in another form: truncated, fields out of order, a varint that is too long, too large")
    id_field, rest = good.header[:34], good.header[34:]
    for header in (b"", good.header[:-1], good.header[:40], rest + id_field, good.header + good.header,
                   good.header.replace(b"\x18" + lf.varint(good.sequence),
                                       b"\x18" + bytes([good.sequence | 0x80]) + b"\x00"),
                   good.header + bytes(1024)):
        assert header != good.header
        assert client.refused(author.prepare(b"", header=header)) == malformed, header.hex()

    say("parts that are missing or do not belong together")
    other = author.prepare(notification())
    for changes in ({"signature": b""}, {"signature": good.signature[:-1]}, {"salt": b""}, {"salt": other.salt},
                    {"body": other.body}, {"body": b"", "salt": b""}, {"header": other.header}):
        assert client.bytes_refused(request(good, **changes)) == malformed, changes
    assert client.bytes_refused(b"") == malformed

    say("a body that is too large, and a request that is")
    assert client.refused(author.prepare(bytes(64 * 1024 + 1))) == malformed
    assert client.bytes_refused(request(good, body=bytes(1024 * 1024)))[0] == "RESOURCE_EXHAUSTED"

    say("bytes that are no message, and a message cut short")
    choose = random.Random(1)
    for data in (b"\xff" * 100, request(good)[:-1], *(choose.randbytes(choose.randrange(1, 300)) for _ in range(50))):
        # What cannot be parsed is refused by gRPC itself, by this release of it as UNIMPLEMENTED.
        assert client.bytes_refused(data)[0] in ("UNIMPLEMENTED", "INTERNAL", "INVALID_ARGUMENT")
    assert client.head("FRA").sequence == good.sequence - 1


def test_entries_that_break_a_rule(shared, node, say):
    client = node.client()
    author = Author(shared, "FRA").follow(client)
    file_one(client, author)
    say("another ledger, another author, another key, another signature")
    wrong = {
        "WRONG_LEDGER": author.prepare(notification(), ledger_id=os.urandom(32)),
        "UNKNOWN_AUTHOR": author.prepare(notification(), author="ZZZ"),
        "KEY_NOT_IN_FORCE": author.prepare(notification(), key=nacl.signing.SigningKey.generate()),
        "BAD_SIGNATURE": author.prepare(notification()),
        "SEQUENCE_ALREADY_USED": author.prepare(notification(), sequence=1),
        "SEQUENCE_GAP": author.prepare(notification(), sequence=author.sequence + 3),
        "WRONG_PREVIOUS": author.prepare(notification(), previous=os.urandom(32)),
        "EXPIRED": author.prepare(notification(), not_after_us=1),
    }
    bad = bytearray(wrong["BAD_SIGNATURE"].signature)
    bad[10] ^= 1
    wrong["BAD_SIGNATURE"].signature = bytes(bad)
    for reason, entry in wrong.items():
        assert client.refused(entry) == ("FAILED_PRECONDITION", reason)

    say("a body with an unknown field, cut short, not UTF-8, with nothing in it")
    body = notification("0123456789abcdef").SerializeToString(deterministic=True)
    for malformed in (body + UNKNOWN_FIELD, body[:-3], body.replace(b"0123456789abcdef", b"\xff\xfe23456789abcdef"),
                      body + body, b"\x08\x02" + body[2:] + b"\x08\x01"):
        assert client.refused(author.prepare(malformed)) == ("FAILED_PRECONDITION", "BODY_MALFORMED"), malformed
    empty = entry_pb.Body(visibility=entry_pb.PUBLIC, issued_at_us=1)
    assert client.refused(author.prepare(empty)) == ("FAILED_PRECONDITION", "RECORD_MISSING")

    say("records that the rules refuse")
    start = notification().launch_notification.window_start_us
    records = {
        "WINDOW_INVALID": notification(window_end_us=start - 1, window_start_us=start),
        "WINDOW_TOO_LONG": notification(window_end_us=start + 8 * 86_400_000_000, window_start_us=start),
        "CLASS_UNKNOWN": notification(class_id="NO_SUCH"),
        "CLASS_WRONG_KIND": notification(class_id="BM_SHORT"),
        "COUNT_OUT_OF_RANGE": notification(count=33),
        "REFERENCE_INVALID": notification(reference="two\nlines"),
        "KIND_INVALID": notification(kind=7),
        "VISIBILITY_INVALID": entry_pb.Body(visibility=9, launch_notification=notification().launch_notification),
        "ISSUED_AT_INVALID": entry_pb.Body(visibility=entry_pb.PUBLIC,
                                           launch_notification=notification().launch_notification),
        "TARGET_MISSING": entry_pb.Body(visibility=entry_pb.PUBLIC, issued_at_us=1,
                                        withdrawal=record.Withdrawal(reason="none")),
        "TARGET_UNKNOWN": entry_pb.Body(visibility=entry_pb.PUBLIC, issued_at_us=1,
                                        withdrawal=record.Withdrawal(target=10 ** 9, reason="none")),
    }
    for reason, refused in records.items():
        assert client.refused(author.prepare(refused)) == ("FAILED_PRECONDITION", reason)


def test_requests_for_what_there_is_not(shared, node, say):
    say("reads beyond the end, page tokens that nobody gave, filters that are none")
    stub = node.client().stub
    calls = [
        (stub.GetEntry, ledger.GetEntryRequest(index=10 ** 12), "NOT_FOUND"),
        (stub.GetEntry, ledger.GetEntryRequest(), "INVALID_ARGUMENT"),
        (stub.GetReceipt, ledger.GetReceiptRequest(index=2 ** 64 - 1), "NOT_FOUND"),
        (stub.ListEntries, ledger.ListEntriesRequest(page_size=-1), "INVALID_ARGUMENT"),
        (stub.ListEntries, ledger.ListEntriesRequest(page_token="x" * 5000), "INVALID_ARGUMENT"),
        (stub.ListEntries, ledger.ListEntriesRequest(type="NoSuch"), "INVALID_ARGUMENT"),
        (stub.ListRevisions, revision.ListRevisionsRequest(page_token="AAAA"), "INVALID_ARGUMENT"),
        (stub.GetAuthorHead, ledger.GetAuthorHeadRequest(author="not a code"), "INVALID_ARGUMENT"),
        (stub.GetConsistencyProof, ledger.GetConsistencyProofRequest(first_size=9, second_size=2), "INVALID_ARGUMENT"),
    ]
    for call, message, expected in calls:
        with pytest.raises(grpc.RpcError) as refused:
            call(message, timeout=30)
        assert refused.value.code().name == expected, (message, refused.value.details())
        assert refused.value.details()


def test_bytes_that_are_no_protocol(shared, node, say):
    choose = random.Random(2)
    for port, name in ((node.client_port, "client"), (node.peer_port, "peer")):
        say(f"random bytes, half a handshake and silence at the {name} port")
        held = []
        for size in [0, 1, 5, 100, 5_000, 100_000] * 5:
            connection = socket.create_connection(("127.0.0.1", port), timeout=10)
            try:
                connection.sendall(choose.randbytes(size))
            except OSError:
                pass  # it has hung up already
            if size in (0, 1):
                held.append(connection)  # and says nothing more
            else:
                connection.close()
        say("HTTP without TLS, TLS without HTTP/2")
        with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
            plain.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + choose.randbytes(64))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as raw, context.wrap_socket(raw) as tls:
                tls.sendall(choose.randbytes(10_000))
        except OSError:
            pass
        for connection in held:
            connection.close()


def test_strangers_at_the_peer_port(shared, node, say):
    say("with a strange key, a reader's key or none the peer port lets nobody in")
    for key in (nacl.signing.SigningKey.generate(), shared["JPN"].state.keys["reader"], None):
        stranger = ScriptedPeer(shared, "JPN", transport=key)
        assert stranger.exchange(node, [stranger.hello()]) in ("UNAVAILABLE", "UNAUTHENTICATED", "PERMISSION_DENIED")
        with pytest.raises(grpc.RpcError) as refused:
            stranger.blocks(node, 1)
        assert refused.value.code().name in ("UNAVAILABLE", "UNAUTHENTICATED", "PERMISSION_DENIED")


def checkpoint_of(state, height, size, root):
    """Signed by the state's node, whatever the ledger has."""
    text = f"functional.example/assent\n{size}\n{base64.b64encode(root).decode()}\n"
    signature = state.keys["checkpoint"].sign(text.encode()).signature
    return peer.PeerMessage(checkpoint_signature=peer.CheckpointSignature(
        height=height, tree_size=size, root=root, voter=state.code, signature=signature))


def test_a_peer_that_contradicts_itself(shared, node, tmp_path, say):
    say("the node of JPN stops, and something with all its keys signs what no honest node does")
    file_one(node.client(), Author(shared, "FRA").follow(node.client()))
    before = shared.wait_for_agreement()
    jpn = ScriptedPeer(shared, "JPN")
    shared["JPN"].stop()
    view = shared.operator_status("FRA")["view"] - 1
    said = [
        jpn.hello(),
        jpn.notarize(view, bytes(32)),
        jpn.notarize(view, bytes([7]) * 32),
        checkpoint_of(jpn.state, before.height, 1, bytes(32)),
        checkpoint_of(jpn.state, before.height + 1, 10 ** 6, bytes(32)),
        checkpoint_of(jpn.state, before.height + 1, 10 ** 6, bytes([7]) * 32),
    ]
    jpn.exchange(node, said)
    wait_until("FRA to have the evidence", lambda: shared.operator_status("FRA")["evidence"] == 3)
    rows = shared.json("FRA", "ask", "evidence")["rows"]
    assert [(row["voter"], row["kind"]) for row in rows] == [("JPN", "CHECKPOINTS")] * 2 + [("JPN", "VOTES")]
    assert shared.json("FRA", "evidence")["rows"] == rows, "the command by itself"

    say("an audit takes it along: offline the answers are those of the node")
    file_one(node.client(), Author(shared, "FRA").follow(node.client()))
    saved = tmp_path / "saved"
    audit = shared.json("FRA", "audit", "--save", saved)
    assert (audit["evidence"], audit["evidence_refused"], audit["not_saved"]) == (3, 0, [])
    offline = ("--from", saved)
    assert shared.json("FRA", "ask", "evidence", *offline)["rows"] == rows
    assert shared.json("FRA", "audit", *offline)["evidence"] == 3
    for form in ((), ("--csv",)):
        assert (shared.cli("FRA", "ask", "evidence", *form, *offline).stdout
                == shared.cli("FRA", "ask", "evidence", *form).stdout)
    found = {}
    for height in (0, 1, audit["height"]):
        asked = ("ask", "evidence", "--as-of", height)
        online = shared.json("FRA", *asked)
        assert shared.json("FRA", *asked, *offline) == online
        found[height] = len(online["rows"])
    say(f"rows as of heights: {found}")
    assert found[0] == 0 and found[audit["height"]] == 2, "a tree of a million entries is of a later height"

    say("another node, which has not seen it, has none; whoever is handed the folder needs none")
    assert shared.json("IND", "ask", "evidence")["rows"] == []
    asked = run(ASSENT, "ask", "evidence", *offline, "--act", shared.act, "--json")
    assert json.loads(asked.stdout)["rows"] == rows
    shared["JPN"].start()
    shared.wait_for_agreement()


def test_a_peer_gone_mad(shared, node, say):
    say("the node of JPN stops, and something with its key talks nonsense to FRA")
    shared["JPN"].stop()
    jpn = ScriptedPeer(shared, "JPN")
    choose = random.Random(3)
    hello = {"ledger_id": shared.ledger_id, "code": "JPN"}
    vote = {"kind": 1, "epoch": 1, "view": 10 ** 6, "block_hash": bytes(32), "voter": "IND", "signature": bytes(64)}
    streams = {
        "a greeting for another ledger": [peer.PeerMessage(hello=peer.Hello(ledger_id=bytes(32), code="JPN"))],
        "another state's name": [peer.PeerMessage(hello=peer.Hello(ledger_id=shared.ledger_id, code="IND"))],
        "a vote that IND has not cast": [jpn.hello(), peer.PeerMessage(vote=peer.VoteMessage(**vote))],
        "a proposal of nothing": [jpn.hello(),
                                  peer.PeerMessage(proposal=peer.Proposal(header=bytes(274), signature=bytes(64)))],
        "no message": [choose.randbytes(500)],
        "an empty message": [b""],
        "messages of random bytes": [choose.randbytes(choose.randrange(1, 2000)) for _ in range(100)],
        "messages that are too large": [bytes(5 * 1024 * 1024)],
    }
    for name, messages in streams.items():
        refusals = node.log().count("refused a peer's message")
        ended = jpn.exchange(node, messages)
        say(f"{name}: the stream ends with {ended}")
        if name == "messages that are too large":
            assert ended != "OK"  # gRPC itself refuses them
        else:
            wait_until(f"FRA to say what is wrong with {name}",
                       lambda: node.log().count("refused a peer's message") > refusals)
    say("JPN itself comes back and is heard")
    shared["JPN"].start()
    shared.wait_for_agreement()
    wait_until("FRA and JPN to be connected", lambda: all(
        peer["sending"] and peer["receiving"] for peer in shared.operator_status("FRA")["peers"]))
    say("and whatever came, the log of FRA has lines of one form")
    for line in node.log().splitlines():
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z +\w+ +", line), line
