"""What only the leader of a view can put into a block, and no node takes from a client: the rules refuse it all the same,
on every other node, and the ledger goes on without that block."""

import nacl.signing
import pytest

import ledger_format as lf
from client import Author, file_one, now_us
from cluster import wait_until
from protos import entry as entry_pb
from protos import membership
from scripted_peer import ScriptedPeer

HOSTILE = "JPN"


@pytest.fixture(name="leader", scope="module")
def hostile_leader(shared):
    """In place of the node of JPN."""
    file_one(shared["FRA"].client(), Author(shared, "FRA"))
    shared.wait_for_agreement()
    shared[HOSTILE].stop()
    leader = ScriptedPeer(shared, HOSTILE)
    with leader.listening(others_of(shared)):
        yield leader


def others_of(cluster):
    return [node for node in cluster if node.code != HOSTILE]


def body(**record):
    return entry_pb.Body(visibility=entry_pb.PUBLIC, issued_at_us=now_us(), **record)


def rotation(ledger_id, key):
    """To that key."""
    statement = ledger_id + bytes([len(HOSTILE)]) + HOSTILE.encode() + b"authority"
    return body(authority_key_rotation=membership.AuthorityKeyRotation(
        new_key=bytes(key.verify_key), possession=lf.sign(key, b"assent/possession/v1", statement)))


def second_change(record, ledger_id):
    if record == "AuthorityKeyRotation":
        return rotation(ledger_id, nacl.signing.SigningKey.generate())
    if record == "AuthorityKeyRevocation":
        return body(authority_key_revocation=membership.AuthorityKeyRevocation(reason="It is lost."))
    return body(membership_withdrawal=membership.MembershipWithdrawal(reason="We leave."))


@pytest.mark.parametrize("record", ["AuthorityKeyRotation", "AuthorityKeyRevocation", "MembershipWithdrawal"])
def test_a_key_is_changed_twice_in_a_block(shared, leader, say, record):
    others = others_of(shared)
    client = others[0].client()
    author = Author(shared, HOSTILE).follow(client)
    key = nacl.signing.SigningKey.generate()
    first = author.keep(author.prepare(rotation(shared.ledger_id, key)))
    author.key = key
    second = author.keep(author.prepare(second_change(record, shared.ledger_id)))

    say(f"a client that files the {record} by a key that is not final yet is told so")
    assert client.refused(second) == ("FAILED_PRECONDITION", "KEY_NOT_IN_FORCE")

    say(f"{HOSTILE} leads a view, and proposes both in one block: the others see why it is none")
    view = leader.await_lead(others, lambda: file_one(client, Author(shared, "FRA").follow(client)))
    before = client.status()
    leader.propose(others, view, [first, second])
    why = f"entry 1 of the block ({HOSTILE}/{second.sequence}) is refused: KEY_CHANGED_IN_BLOCK"
    for node in others:
        wait_until(f"{node.code} to refuse the block", lambda log=node.log: any(
            "invalid block" in line and f"view={view}" in line and why in line for line in log().splitlines()))
    assert client.status().tree_size == before.tree_size

    say("the view ends without it, and the key of old is still in force")
    file_one(client, Author(shared, "FRA").follow(client))
    assert client.status().tree_size == before.tree_size + 1
    assert client.head(HOSTILE).sequence == first.sequence - 1
    assert shared.wait_for_agreement([node.code for node in others]).tree_size == before.tree_size + 1
