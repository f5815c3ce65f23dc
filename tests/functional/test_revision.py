"""A revision of the Code: in force when every member has signed, and not a signature earlier."""

import hashlib
import time

import nacl.signing
import pytest

from client import Author, file_one, now_us
from cluster import Cluster, wait_until
from protos import entry as entry_pb
from protos import ledger, revision

HEARTBEAT_S = 4
TEXT = "1. States announce their launches three days before.\n"


@pytest.fixture(scope="module")
def beating(tmp_path_factory):
    """A cluster whose heart beats fast."""
    cluster = Cluster(tmp_path_factory.mktemp("revision") / "ledger", heartbeat_s=HEARTBEAT_S, skew_s=1)
    yield cluster.start()
    cluster.close()


def body(**records):
    return entry_pb.Body(visibility=entry_pb.MEMBERS, issued_at_us=now_us(), **records)


def signature(round_id, replaces=0, text=TEXT):
    return body(revision_sign=revision.RevisionSign(round=round_id, text_hash=hashlib.sha256(text.encode()).digest(),
                                                  replaces=replaces, membership=0))


def opening(replaces, text):
    return body(revision_open=revision.RevisionOpen(replaces=replaces, title="Another text", text=text))


def status_of(client, round_id):
    return revision.RoundStatus.Name(client.revision(round_id).status)


def test_only_the_last_signature_makes_it_final(beating, say):
    client = beating["FRA"].client()
    text = beating.folder / "text.txt"
    text.write_text(TEXT)
    opened = beating.json("FRA", "revision", "open", "--text", text, "--title", "Three days")
    round_id = opened["entries"][0]["index"]
    for code in ("FRA", "IND", "JPN"):
        beating.json(code, "revision", "sign", round_id, "--text", text)
    beating.wait_for_agreement(at_least=round_id + 4)
    say("FRA, IND and JPN have signed; USA has not")
    assert status_of(client, round_id) == "OPEN_FOR_SIGNATURE"
    assert list(client.revision(round_id).missing) == ["USA"]

    say("who has signed cannot sign again, for itself or for others")
    fra = Author(beating, "FRA").follow(client)
    assert client.refused(fra.prepare(signature(round_id))) == ("FAILED_PRECONDITION", "ALREADY_SIGNED")
    stranger = nacl.signing.SigningKey.generate()
    unknown = Author(beating, "ZZZ", key=stranger)
    assert client.refused(unknown.prepare(signature(round_id))) == ("FAILED_PRECONDITION", "UNKNOWN_AUTHOR")
    forged = Author(beating, "USA", key=stranger)
    assert client.refused(forged.prepare(signature(round_id))) == ("FAILED_PRECONDITION", "KEY_NOT_IN_FORCE")

    say("a signature of USA under another text, another revision, another round does not count")
    usa = Author(beating, "USA").follow(client)
    for wrong, reason in ((signature(round_id, text=TEXT + "x"), "WRONG_TEXT"),
                          (signature(round_id, replaces=1), "WRONG_REPLACES"),
                          (signature(round_id + 1), "ROUND_UNKNOWN"),
                          (opening(0, "Another.\n"), "ANOTHER_ROUND_OPEN")):
        assert client.refused(usa.prepare(wrong)) == ("FAILED_PRECONDITION", reason)

    say("time passes: blocks without entries are made, and it stays open")
    height = client.status().height
    wait_until("three heartbeats", lambda: client.status().height >= height + 3)
    assert status_of(client, round_id) == "OPEN_FOR_SIGNATURE"
    assert client.status().tree_size == round_id + 4

    say("USA signs: final at exactly that entry")
    _, receipt = file_one(client, usa, signature(round_id))
    shown = client.revision(round_id)
    assert revision.RoundStatus.Name(shown.status) == "FINAL"
    assert (shown.ended_by, shown.number) == (receipt.index, 1)
    assert [s.member for s in shown.signatures] == ["FRA", "IND", "JPN", "USA"]
    beating.wait_for_agreement()
    for node in beating:
        assert node.client().revision(round_id).ended_by == receipt.index
    again = client.refused(Author(beating, "IND").follow(client).prepare(signature(round_id)))
    assert again == ("FAILED_PRECONDITION", "ROUND_FINAL")


def test_an_objection_ends_the_round(beating, say):
    client = beating["IND"].client()
    in_force = max(r.number for r in client.stub.ListRevisions(revision.ListRevisionsRequest()).revisions
                   if r.HasField("number"))
    other = "Another text.\n"
    ind = Author(beating, "IND").follow(client)
    _, opened = file_one(client, ind, opening(in_force, other))
    file_one(client, ind, signature(opened.index, in_force, other))
    say("IND has opened a round and signed; JPN objects")
    beating.json("JPN", "revision", "object", opened.index, "--reason", "Article 1 cannot be carried out.")
    beating.wait_for_agreement(at_least=opened.index + 3)
    assert status_of(client, opened.index) == "OBJECTED"
    say("no signature and no second objection changes that")
    usa = Author(beating, "USA").follow(client)
    late = client.refused(usa.prepare(signature(opened.index, in_force, other)))
    assert late == ("FAILED_PRECONDITION", "ROUND_OBJECTED")
    refused = beating.cli("FRA", "revision", "object", opened.index, "--reason", "Nor can we.", expect=1)
    assert "refused: ROUND_OBJECTED" in refused.stderr
    time.sleep(HEARTBEAT_S)
    assert status_of(client, opened.index) == "OBJECTED"
