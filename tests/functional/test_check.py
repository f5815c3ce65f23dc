"""`assent-node check`: all that is wrong with a node in one go, and each time what to do about it."""

import datetime
import json
import os
import re
import resource
import shutil
import socket

import pytest

import ledger_format as lf
from clocks import faketime
from cluster import ASSENT_NODE, Cluster, run, wait_until


def check(node, *flags, expect=0, **options):
    """What was found, by its name; of several of one name the last."""
    done = run(ASSENT_NODE, "check", "--config", node.config, "--json", *flags, **options)
    assert done.returncode == expect, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["good"] == (expect == 0)
    return found


def outcomes(found):
    return {one["check"]: one["outcome"] for one in found["checks"]}


def of(found, name, outcome):
    """What is said of it, in one text."""
    said = [one for one in found["checks"] if (one["check"], one["outcome"]) == (name, outcome)]
    assert said, f"{name} is not {outcome}: {found['checks']}"
    return " | ".join(f"{one['says']} -> {one.get('hint', '')}" for one in said)


@pytest.fixture
def node(tmp_path):
    """One node of a ledger that has not been started."""
    node = Cluster(tmp_path / "ledger")["FRA"]
    node.init("--new-seed")
    return node


def test_several_mistakes_are_all_said_at_once(node, say):
    say("others may read the seed and the data, two keys are misspelt, a port is taken, nobody may have enough files")
    (node.folder / "node.seed").chmod(0o640)
    (node.folder / "data").chmod(0o755)
    node.config.chmod(0o666)
    text = node.config.read_text()
    node.config.write_text(text + 'log.level = "loud"\nmetrics.liste = "x"\ninspection.log = "away/reads.log"\n')
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", node.client_port))
        taken.listen()
        found = check(node, expect=1, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (512, 512)))
    configuration = of(found, "configuration", "wrong")
    for says in ('log.level: "loud" is no log level', "unknown key metrics.liste", "chmod go-w"):
        assert says in configuration, configuration
    assert "mode 0640" in of(found, "node seed", "wrong")
    assert "chmod 700" in of(found, "data folder", "wrong")
    assert f"127.0.0.1:{node.client_port}" in of(found, "client.listen", "wrong")
    assert "is free" in of(found, "peer.listen", "good")
    assert "cannot write in" in of(found, "log of inspectors", "wrong")
    assert "at most 512" in of(found, "open files", "wrong") and "LimitNOFILE" in of(found, "open files", "wrong")
    assert "all signatures good" in of(found, "founding act", "good")

    say("what needs the seed could not be looked at, and is not called good")
    for name in ("keys against act", "database", "peers"):
        assert "needs" in of(found, name, "not run")
    assert all(one.get("hint") for one in found["checks"] if one["outcome"] == "wrong")


def test_people_are_told_the_same(node):
    (node.folder / "node.seed").chmod(0o640)
    done = run(ASSENT_NODE, "check", "--config", node.config)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("wrong    node seed"))
    assert lines[at + 1].strip().startswith("-> ")
    assert done.stderr.startswith("assent-node: not ready: 1 wrong, 3 not run")
    assert any(line.startswith("member") for line in lines) is False, "whose node it is is not known"


def test_the_act(node):
    act = node.cluster.act
    good = act.read_text()
    act.write_text(good[:good.rindex("USA reader")])
    assert "not complete; signatures missing: USA reader" in of(check(node, expect=1), "founding act", "wrong")
    act.write_text(good)
    stranger = lf.State("FRA", "another")
    (node.folder / "node.seed").write_text(lf.plain_key_file("node", stranger.public("vote"), stranger.node_seed))
    assert "no founder in" in of(check(node, "--no-peers", expect=1), "keys against act", "wrong")


def test_seed_of_another_user(node, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(node.folder / "node.seed", 65534, 65534)
    assert "runuser" in of(check(node, expect=1), "node seed", "wrong")


def test_clock(node):
    """Before the act was signed it cannot be."""
    early = datetime.datetime(2020, 1, 1)
    found = check(node, "--no-peers", expect=1, env=faketime(early))
    assert "2020-01-01" in of(found, "clock", "wrong") and "NTP" in of(found, "clock", "wrong")
    assert outcomes(check(node, "--no-peers"))["clock"] in ("good", "note")


def test_disk_that_is_full(node, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if run("mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "none", disk).returncode != 0:
        pytest.skip("no file system can be mounted here")
    try:
        shutil.copytree(node.folder / "data", disk / "data")
        node.config.write_text(node.config.read_text().replace('"data"', f'"{disk}/data"'))
        found = check(node, "--no-peers", expect=1)
        assert "MiB free" in of(found, "disk space", "wrong")
        assert outcomes(found)["disk sync"] == "good"
        run("mount", "-o", "remount,ro", disk)
        assert "cannot make a file" in of(check(node, "--no-peers", expect=1), "disk sync", "wrong")
    finally:
        run("umount", disk)


def test_peers(node, say):
    cluster = node.cluster
    say("nobody runs: none can be reached, and without them all is good")
    found = check(node, expect=1)
    assert "none of 3" in of(found, "peers", "wrong") and "--no-peers" in of(found, "peers", "wrong")
    assert outcomes(check(node, "--no-peers")).keys().isdisjoint({"peers", "peer IND"})

    say("IND runs; at the address of JPN IND is found as well; USA is away")
    india, japan = cluster["IND"], cluster["JPN"]
    india.init("--new-seed")
    india.start()
    node.config.write_text(node.config.read_text() + f'peer.join = "JPN=127.0.0.1:{india.peer_port}"\n')
    try:
        found = check(node, expect=1)
        assert "with the right key" in of(found, "peer IND", "good")
        assert "the middle of 1 other" in of(found, "clock of peers", "good")
        assert india.state.public("transport").hex() in of(found, "peer JPN", "wrong")
        assert f"127.0.0.1:{cluster['USA'].peer_port}" in of(found, "peer USA", "note")
        assert "peers" not in outcomes(found)

        say("a node whose keys IND does not know is told so")
        stranger = lf.State("FRA", "another")
        (node.folder / "node.seed").write_text(lf.plain_key_file("node", stranger.public("vote"), stranger.node_seed))
        text = node.config.read_text()
        node.config.write_text(text.replace("JPN=", "IND=") + 'member = "FRA"\n')
        found = check(node, expect=1)
        assert "does not let this node in" in of(found, "peer IND", "wrong")
        assert "follows only" in of(found, "keys on the ledger", "note")
    finally:
        india.stop()


def test_a_node_that_runs_is_asked(new_cluster):
    cluster = new_cluster()
    node = cluster["FRA"]
    wait_until("all peers to be connected", lambda: all(
        peer.get("sending") and peer.get("receiving") for peer in cluster.operator_status("FRA")["peers"]))
    found = check(node)
    assert "the running node has it" in of(found, "database", "good")
    for name in ("peer.listen", "client.listen", "admin.socket"):
        assert "of the running node" in of(found, name, "good")
    for code in ("IND", "JPN", "USA"):
        assert "is connected" in of(found, f"peer {code}", "good")
    wait_until("the clocks of all peers to have been asked", lambda: all(
        "clock_margin_us" in peer for peer in cluster.operator_status("FRA")["peers"]))
    assert "the middle of 3 others" in of(check(node), "clock of peers", "good")
    assert found["member"] == "FRA" and found["restoring"] is False
    cluster["USA"].kill()
    wait_until("FRA to notice", lambda: outcomes(check(node))["peer USA"] == "note")


def test_clocks_of_peers(new_cluster, say):
    cluster = new_cluster()
    node = cluster["FRA"]
    node.stop()
    say("the clock of FRA is an hour ahead; it is about to be started")
    hour_ahead = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
    found = check(node, expect=1, env=faketime(hour_ahead))
    assert re.search(r"this clock is 3\d{3}\.\d{3} s ahead of the middle of 3 others",
                     of(found, "clock of peers", "wrong")), found["checks"]
    say("that of JPN is, and FRA's is right")
    cluster["JPN"].stop()
    cluster["JPN"].start(environment=faketime(hour_ahead))
    found = check(node)
    assert outcomes(found)["clock of peers"] == "good"
    assert "s ahead of the middle of all" in of(found, "clock of JPN", "note")
    assert "clock of IND" not in outcomes(found)
