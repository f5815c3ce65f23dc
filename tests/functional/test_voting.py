"""A node votes again by its state's own entry, with a proof that its node has made."""

import re

from client import Author, file_one, now_us
from cluster import ASSENT, run
from protos import entry as entry_pb
from protos import membership
from steps import await_epoch, vote


def step_back(cluster, code):
    node = cluster[code]
    file_one(node.client(), Author(cluster, code).follow(node.client()), entry_pb.Body(
        visibility=entry_pb.PUBLIC, issued_at_us=now_us(), voting_status=membership.VotingStatus(votes=False)))


def test_who_steps_back_follows_the_one_voter_that_is_left(new_cluster, say):
    cluster = new_cluster(codes=("FRA", "IND"), heartbeat_s=86400)
    step_back(cluster, "IND")
    await_epoch(cluster, 2)
    for code in ("IND", "FRA"):
        node = cluster[code]
        file_one(node.client(), Author(cluster, code).follow(node.client()))
        say(f"an entry of {code} is final at its node")
        cluster.wait_for_agreement()


def test_a_proof_that_the_node_has_not_signed_is_refused(new_cluster, say):
    cluster = new_cluster()
    node = cluster["JPN"]
    step_back(cluster, "JPN")
    await_epoch(cluster, 2)
    record = node.folder / "spoiled.toml"
    made = run(ASSENT, "voting-proof", "--admin", node.admin_socket, "-o", record)
    assert made.returncode == 0, made.stderr
    text = record.read_text()
    spoiled = re.sub(r'(signature = ")(.)', lambda found: found[1] + ("1" if found[2] == "0" else "0"), text)
    assert spoiled != text
    record.write_text(spoiled)
    refused = cluster.cli("JPN", "file", record, expect=1)
    assert "refused: PROOF_INVALID" in refused.stderr
    say(refused.stderr.splitlines()[-1])
    vote(cluster, "JPN")
    await_epoch(cluster, 3)
    cluster.wait_for_agreement()
