"""Backups of a running node, restoring one, and an old copy of the data folder that is brought back unnoticed."""

import os
import shutil

import grpc
import pytest

import ledger_format as lf
from client import Author, file_one, notification
from cluster import ASSENT_NODE, PATIENCE_S, Cluster, run, wait_until
from load import Load, check_nothing_is_lost
from steps import await_epoch, lodge_note, start_from_the_act, vote


def node_command(node, name, *arguments):
    return run(ASSENT_NODE, name, "--config", node.config, *arguments, timeout=180)


def backups(folder, *flags):
    done = run(ASSENT_NODE, "backups", "--from", folder, *flags)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def mode(cluster, code):
    return cluster.operator_status(code)["mode"]


def check_no_evidence(cluster):
    """Nobody has seen two statements of one key that no honest node signs both."""
    for node in cluster:
        if node.running():
            assert cluster.operator_status(node.code).get("evidence", 0) == 0, node.code


def test_a_backup_under_load_is_restored_abstains_and_votes_again(new_cluster, say, tmp_path):
    cluster = new_cluster(heartbeat_s=40)
    lost, folder = cluster["JPN"], tmp_path / "backups"
    client = cluster["FRA"].client()
    with Load(cluster) as load:
        for number in range(1, 5):
            before = load.count()
            wait_until("more entries", lambda: load.count() > before + 20)
            done = node_command(lost, "backup", "--to", folder, "--keep", "3")
            assert done.returncode == 0, done.stderr
            assert f"backup {number} in {folder}: height " in done.stdout and "checksums good" in done.stdout
        before = load.count()
        wait_until("more entries", lambda: load.count() > before + 20)
    lines = backups(folder, "--check")
    assert [line.split()[0] for line in lines] == ["2", "3", "4"]
    assert all(line.endswith("checksums good") for line in lines)
    for path in folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    assert not list(folder.rglob("*seed*"))
    say(f"four backups under the load of four authors, three are kept: {lines[-1][:80]}")
    size = cluster.wait_for_agreement(at_least=len(load.final)).tree_size
    author = Author(cluster, "FRA").follow(client)

    say("the disk of JPN is lost; the backup is restored while IND and USA are down")
    lost.kill()
    lost.wipe()
    done = node_command(lost, "restore", "--from", folder)
    assert done.returncode == 0, done.stderr
    assert "restored backup 4" in done.stdout and "votes when the others have told it" in done.stdout
    assert "not yet: restoring" in node_command(lost, "check").stdout
    checked = node_command(lost, "fsck")
    assert checked.returncode == 0, checked.stdout
    cluster["IND"].kill()
    cluster["USA"].kill()
    lost.start()
    wait_until("JPN to be RESTORING", lambda: mode(cluster, "JPN") == "RESTORING")
    wait_until("JPN to have caught up", lambda: lost.client().status().tree_size == size)
    say("IND comes back: FRA and IND are two of the three that are needed, and JPN abstains")
    cluster["IND"].start()
    entry = author.prepare(notification())
    with pytest.raises(grpc.RpcError) as waited:
        client.submit(entry, timeout=5)
    assert waited.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    assert mode(cluster, "JPN") == "RESTORING"

    say("USA comes back: JPN is told where it stands, and votes again")
    cluster["USA"].start()
    assert client.submit(entry, timeout=PATIENCE_S).receipt.index == size
    author.keep(entry)

    def votes():
        file_one(client, author)
        return mode(cluster, "JPN") == "VOTING"

    wait_until("JPN to be VOTING", votes)
    cluster["USA"].kill()
    say("USA is killed: without the vote of JPN nothing could become final")
    file_one(client, author)
    agreed = cluster.wait_for_agreement(["FRA", "IND", "JPN"])
    check_no_evidence(cluster)
    check_nothing_is_lost([node for node in cluster if node.running()], load.final)
    say(f"roots are equal at height {agreed.height}: {agreed.root.hex()[:16]}")


def test_what_is_refused(new_cluster, say, tmp_path):
    cluster = new_cluster(heartbeat_s=40)
    node, folder = cluster["FRA"], tmp_path / "backups"
    author = Author(cluster, "FRA")
    file_one(node.client(), author)
    say("a folder in the data folder, and one that cannot be written")
    done = node_command(node, "backup", "--to", node.folder / "data/backups")
    assert done.returncode == 1 and "is in the data folder" in done.stderr
    (tmp_path / "file").write_text("")
    done = node_command(node, "backup", "--to", tmp_path / "file")
    assert done.returncode == 1 and "cannot open the backups in" in done.stderr
    assert node_command(node, "backup", "--to", folder, "--keep", "0").returncode == 2

    say("the seed is copied only when told to")
    assert node_command(node, "backup", "--to", folder).returncode == 0
    assert not (folder / "node.seed").exists()
    assert node_command(node, "backup", "--to", folder, "--with-seed").returncode == 0
    assert (folder / "node.seed").read_bytes() == (node.folder / "node.seed").read_bytes()
    assert (folder / "node.seed").stat().st_mode & 0o777 == 0o600

    say("nothing is restored over a database, from nowhere, for a ledger of many on one's word, or of another ledger")
    done = node_command(node, "restore", "--from", folder)
    assert done.returncode == 1 and "is not empty" in done.stderr
    node.kill()
    done = node_command(node, "backup", "--to", folder)
    assert done.returncode == 1 and "a backup is made by the running node" in done.stderr
    node.wipe()
    done = node_command(node, "restore", "--from", folder, "--backup", "9")
    assert done.returncode == 1 and "there is no whole backup 9" in done.stderr
    done = node_command(node, "restore", "--from", tmp_path / "nothing")
    assert done.returncode == 1 and "there are no backups in" in done.stderr
    done = node_command(node, "restore", "--from", folder, "--no-later-copy")
    assert done.returncode == 1 and "is for a ledger's only voter; by this backup it has 4" in done.stderr
    other = Cluster(tmp_path / "other")
    done = node_command(other["FRA"], "restore", "--from", folder)
    assert done.returncode == 1 and "is of ledger" in done.stderr
    assert not (other["FRA"].folder / "data/ledger").exists()

    say("a damaged backup is found, and not restored")
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix in (".log", ".sst")]
    damaged = max(files, key=lambda path: path.stat().st_size)
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    done = run(ASSENT_NODE, "backups", "--from", folder, "--check")
    assert done.returncode == 1 and "DAMAGED" in done.stdout
    bad = next(line.split()[0] for line in done.stdout.splitlines() if "DAMAGED" in line)
    done = node_command(node, "restore", "--from", folder, "--backup", bad)
    assert done.returncode == 1, done.stdout
    assert not (node.folder / "data/ledger").exists()


def test_a_ledger_of_one_is_restored_on_its_operators_word(new_cluster, tmp_path):
    cluster = new_cluster(codes=("FRA",), heartbeat_s=40)
    node, folder = cluster["FRA"], tmp_path / "backups"
    author = Author(cluster, "FRA")
    file_one(node.client(), author)
    assert node_command(node, "backup", "--to", folder).returncode == 0
    node.kill()
    node.wipe()
    done = node_command(node, "restore", "--from", folder)
    assert done.returncode == 0 and "say --no-later-copy when no later copy" in done.stdout
    assert "not yet: restoring" in node_command(node, "check").stdout
    node.wipe()
    assert node_command(node, "restore", "--from", folder, "--no-later-copy").returncode == 0
    node.start()
    _, receipt = file_one(node.client(), author)
    assert receipt.index == 1


def test_the_founder_of_a_ledger_that_has_grown_asks_the_others(new_cluster, tmp_path, say):
    cluster = new_cluster(codes=("FRA",), heartbeat_s=40)
    node, folder = cluster["FRA"], tmp_path / "backups"
    other = cluster.add(lf.State("IND", "State of IND"), "FRA")
    lodge_note(cluster, "IND", "FRA")
    start_from_the_act(cluster, "IND")
    vote(cluster, "IND")
    await_epoch(cluster, 2)
    author = Author(cluster, "FRA").follow(node.client())
    assert node_command(node, "backup", "--to", folder).returncode == 0
    size = cluster.wait_for_agreement().tree_size

    def comes_back():
        """With the `size` entries that there were."""
        nonlocal size
        node.start()
        wait_until("FRA to be RESTORING or VOTING", lambda: mode(cluster, "FRA") in ("RESTORING", "VOTING"))
        wait_until("FRA to have caught up", lambda: node.client().status().tree_size == size)
        file_one(node.client(), author)
        wait_until("FRA to be VOTING", lambda: mode(cluster, "FRA") == "VOTING")
        check_no_evidence(cluster)
        size = cluster.wait_for_agreement().tree_size
        node.kill()
        node.wipe()

    say("two vote by now: the backup is not restored on the founder's word, but asks IND")
    node.kill()
    node.wipe()
    done = node_command(node, "restore", "--from", folder, "--no-later-copy")
    assert done.returncode == 1 and "is for a ledger's only voter; by this backup it has 2" in done.stderr
    assert not (node.folder / "data/ledger").exists()
    assert node_command(node, "restore", "--from", folder).returncode == 0
    comes_back()

    say("without a backup it begins with the act, which knows nobody else: it is told where IND is")
    node.config.write_text(f'peer.join = "IND=127.0.0.1:{other.peer_port}={other.state.public("transport").hex()}"\n'
                           + node.config.read_text())
    node.init()
    comes_back()
    done = node_command(other, "init", "--no-later-copy")
    assert done.returncode == 1 and "is for a ledger of one" in done.stderr


def test_an_old_copy_that_is_brought_back_unnoticed_starts_restoring(new_cluster, say):
    cluster = new_cluster(heartbeat_s=40)
    node, old = cluster["JPN"], cluster["JPN"].folder / "old"
    author = Author(cluster, "FRA")
    client = cluster["FRA"].client()
    file_one(client, author)
    cluster.wait_for_agreement(at_least=1)
    say("the data folder of JPN is copied while it is stopped, and JPN goes on")
    assert node.stop()[0] == 0
    shutil.copytree(node.folder / "data", old)
    node.start()
    cluster["USA"].kill()
    for _ in range(5):
        file_one(client, author)
    say("it has voted since: without it nothing would have become final. The old copy is put in its place")
    node.kill()
    node.wipe()
    os.rename(old, node.folder / "data")
    assert "votes    yes" in node_command(node, "check").stdout
    node.start()
    log = wait_until("JPN to find out", lambda: " info restoring\n" in node.log() and node.log())
    say([line for line in log.splitlines() if "restoring" in line][-1])
    wait_until("JPN to be RESTORING", lambda: mode(cluster, "JPN") == "RESTORING")
    say("of four USA is down and JPN abstains: nothing becomes final")
    entry = author.prepare(notification())
    with pytest.raises(grpc.RpcError) as waited:
        client.submit(entry, timeout=5)
    assert waited.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED

    say("USA comes back: JPN is told where it stands, and votes again")
    cluster["USA"].start()
    client.submit(entry, timeout=PATIENCE_S)
    author.keep(entry)

    def votes():
        file_one(client, author)
        return mode(cluster, "JPN") == "VOTING"

    wait_until("JPN to be VOTING", votes)
    cluster.wait_for_agreement()
    check_no_evidence(cluster)
