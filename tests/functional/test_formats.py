"""What docs/formats.md says is enough to take part: keys, act and entries made in Python are those of the nodes."""

import ledger_format as lf
from client import Author, file_one
from cluster import ASSENT, run


def test_node_keys_are_derived_as_written():
    seed = b"n" * 32
    expected = ["741fea26a98ee84f59a7acaacf2b90b9827b89a305413faf7baf397ecaa684c0",
                "85c4403c292321d56f05705bc10ab48f0fefe012256c5955fb6ae93d24ae7066",
                "7a470fa2260fddd319c27177bd4fb14850a3191eccfe18ab762b4e95a82ad508"]
    assert [bytes(lf._node_key(seed, number).verify_key).hex() for number in (1, 2, 3)] == expected


def test_an_act_written_in_python_is_complete(shared):
    checked = run(ASSENT, "found", "check", shared.act)
    assert checked.returncode == 0, checked.stderr
    assert shared.ledger_id.hex() in checked.stdout


def test_the_root_is_that_of_the_leaf_hashes(shared, say):
    say("five entries, signed in Python, become final")
    client = shared["FRA"].client()
    author = Author(shared, "FRA")
    filed = [file_one(client, author) for _ in range(5)]
    assert [receipt.index for _, receipt in filed] == list(range(5))
    say("the node's root is the one computed from them in Python")
    assert client.status().root == lf.tree_root([entry.leaf_hash for entry, _ in filed])
    say("the other nodes have it, too")
    assert shared.wait_for_agreement(at_least=5).root == client.status().root
