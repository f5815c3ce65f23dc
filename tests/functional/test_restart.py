"""Two of four nodes lose their data for good: the ledger stands, until the members start the next epoch by an act."""

import json

import grpc
import pytest

from client import Author, file_one, notification
from cluster import ASSENT, ASSENT_NODE, PATIENCE_S, run, wait_until
from load import Load, check_nothing_is_lost
from steps import CATCH_UP_S, await_epoch

LOST = ("JPN", "USA")
LEFT = ("FRA", "IND")


def killed_under_load(cluster):
    """Kills those that are to be lost, one right after the other. What was answered as final by then; the authors wait in
    vain for the rest."""
    load = Load(cluster, ["IND", "JPN", "USA"])
    try:
        with load:
            wait_until("some load", lambda: load.count() > 40)
            for code in LOST:
                cluster[code].kill()
            raise InterruptedError
    except InterruptedError:
        return dict(load.final)


def act_command(node, name, *arguments, expect=0):
    """Runs a command of the ceremony; what it says, for programs."""
    done = run(ASSENT, "restart", name, *arguments, "--json", timeout=180, cwd=node.folder)
    assert done.returncode == expect, f"{name} {arguments}: {done.stdout}{done.stderr}"
    return json.loads(done.stdout) if expect == 0 else done.stderr


def sign(cluster, code, act, expect=0):
    node = cluster[code]
    return act_command(node, "sign", act, "--act", cluster.act, "--code", code, "--authority", "authority.key",
                       "--passphrase-file", "passphrase", expect=expect)


def draft_of(node):
    path = node.folder / "draft.act"
    path.unlink(missing_ok=True)
    return path, act_command(node, "new", "--admin", node.admin_socket, "-o", path)


def mode_of(cluster, code):
    return cluster.operator_status(code)["mode"]


def test_two_of_four_lose_their_data_and_the_members_restart_the_ledger(new_cluster, say, tmp_path):
    cluster = new_cluster(heartbeat_s=40)
    final = killed_under_load(cluster)
    say(f"{len(final)} entries were answered as final when JPN and USA were killed; their data folders are removed")
    for code in LOST:
        cluster[code].wipe()
        cluster[code].init()
        cluster[code].start()
        wait_until(f"{code} to be RESTORING", lambda code=code: mode_of(cluster, code) == "RESTORING")
    author = Author(cluster, "FRA").follow(cluster["FRA"].client())
    entry = author.prepare(notification())
    with pytest.raises(grpc.RpcError) as waited:
        cluster["FRA"].client().submit(entry, timeout=20)
    assert waited.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    say("the ledger stands. The two that have their data say at which block they could start")

    drafts = [draft_of(cluster[code]) for code in LEFT]
    act = tmp_path / "restart.act"
    merged = act_command(cluster["FRA"], "merge", act, *[path for path, _ in drafts])
    assert (merged["epoch"], merged["needed"], merged["signed"]) == (2, 3, [])
    assert merged["height"] >= max(node.client().status().height for node in (cluster[code] for code in LEFT))
    say(f"block {merged['height']}; members sign: FRA, IND, and JPN, whose key was not on its node")
    copies = {}
    for code in ("FRA", "IND", "JPN"):
        copies[code] = cluster[code].folder / "restart.act"
        copies[code].write_bytes(act.read_bytes())
        sign(cluster, code, copies[code])
    assert "2 of 4 members" in act_command(
        cluster["FRA"], "check", *two_of(cluster, copies), "--act", cluster.act, expect=1)
    assert "not the authority key" in run(
        ASSENT, "restart", "sign", act, "--act", cluster.act, "--code", "USA", "--authority",
        cluster["FRA"].folder / "authority.key", "--passphrase-file", cluster["FRA"].folder / "passphrase").stderr
    merged = act_command(cluster["FRA"], "merge", act, *copies.values())
    assert merged["complete"] and merged["signed"] == ["FRA", "IND", "JPN"]
    act_command(cluster["FRA"], "check", act, "--act", cluster.act)

    say("an act that too few have signed is refused; the good one is taken, and again after a restart")
    refused = run(ASSENT, "restart", "apply", two_of(cluster, copies)[0], "--admin", cluster["FRA"].admin_socket)
    assert refused.returncode == 1 and "3 are needed" in refused.stderr, refused.stderr
    for code in LEFT:
        act_command(cluster[code], "apply", act, "--admin", cluster[code].admin_socket)
    cluster["IND"].kill()
    cluster["IND"].start()
    act_command(cluster["IND"], "apply", act, "--admin", cluster["IND"].admin_socket)
    for code in LOST:
        act_command(cluster[code], "apply", act, "--never-voted", "--admin", cluster[code].admin_socket)
    await_epoch(cluster, 2)
    cluster["FRA"].client().submit(entry, timeout=PATIENCE_S)
    author.keep(entry)
    for code in cluster.nodes:
        wait_until(f"{code} to be VOTING", lambda code=code: mode_of(cluster, code) == "VOTING", CATCH_UP_S)
    say("the entry that waited is final, and all four vote")

    for node in cluster:
        file_one(node.client(), author)
    agreed = cluster.wait_for_agreement(at_least=len(final) + 5, seconds=CATCH_UP_S)
    check_nothing_is_lost(cluster, final)
    say(f"nothing that was answered as final is missing, at height {agreed.height}")

    say("a node alone may be missing again")
    cluster["USA"].kill()
    file_one(cluster["FRA"].client(), author)
    cluster["USA"].start()
    cluster.wait_for_agreement(at_least=len(final) + 6, seconds=CATCH_UP_S)

    say("audits, receipts on both sides, a checkpoint and fsck all lead across the act")
    size = cluster["JPN"].client().status().tree_size
    saved = cluster.folder / "saved"
    for code in ("FRA", "JPN"):
        audited = cluster.json(code, "audit", "--save", saved / code)
        assert audited["good"] and audited["complete"] and audited["restarts"] == 1, audited
    for index in (0, len(final) - 1, size - 1):
        receipt = cluster.folder / f"receipt-{index}"
        cluster.cli("JPN", "receipt", index, "-o", receipt)
        verified = run(ASSENT, "verify", receipt, "--act", cluster.act)
        assert verified.returncode == 0, verified.stdout + verified.stderr
        offline = cluster.folder / f"offline-{index}"
        cluster.cli("JPN", "receipt", index, "-o", offline, "--from", saved / "JPN")
        assert offline.read_bytes() == receipt.read_bytes()
        if index == size - 1:
            assert "by an act that 3 of 4 members signed" in verified.stdout, verified.stdout
    cluster.wait_for_checkpoint(size)
    assert cluster["USA"].stop()[0] == 0
    checked = run(ASSENT_NODE, "fsck", "--config", cluster["USA"].config, timeout=180)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def two_of(cluster, copies):
    """A copy that two have signed."""
    path = cluster.folder / "two.act"
    path.unlink(missing_ok=True)
    act_command(cluster["FRA"], "merge", path, copies["FRA"], copies["IND"])
    return [path]
