"""Nodes that get other keys and move: what they hear of it, and a node whose founding act is too old, so that nobody
named in it is where, or who, it says."""

import signal
import tomllib

import ledger_format as lf
from client import Author, now_us
from cluster import ASSENT, free_ports, run, wait_until
from protos import entry as entry_pb
from protos import membership


def renew(cluster, code):
    """The record that gives the state's node another seed and another address, with both."""
    node = cluster[code]
    renewed = lf.State(code, "renewed")
    node._secret("node-2.seed", lf.plain_key_file("node", renewed.public("vote"), renewed.node_seed))
    port = free_ports(1)[0]
    proof = run(ASSENT, "key", "prove", node.folder / "node-2.seed", "--act", cluster.act, "--code", code)
    assert proof.returncode == 0, proof.stderr
    record = node.folder / "keys.toml"
    record.write_text(f'type = "NodeKeys"\nvisibility = "PUBLIC"\npeer_endpoint = "127.0.0.1:{port}"\n{proof.stdout}')
    return record, renewed, port


def signed(cluster, code, record):
    """The state's first entry, which files that record of keys."""
    fields = tomllib.loads(record.read_text())
    keys = {name: bytes.fromhex(value) for name, value in fields.items() if name.endswith(("_key", "_possession"))}
    return Author(cluster, code).prepare(entry_pb.Body(
        visibility=entry_pb.PUBLIC, issued_at_us=now_us(),
        node_keys=membership.NodeKeys(peer_endpoint=fields["peer_endpoint"], **keys)))


def move(cluster, code):
    """The state's node gets another seed and another address, and the ledger is told."""
    node = cluster[code]
    record, renewed, port = renew(cluster, code)
    epoch = cluster.operator_status(code)["ledger"]["epoch"]
    cluster.json(code, "file", record)
    wait_until("the next epoch", lambda: cluster.operator_status(code)["ledger"]["epoch"] == epoch + 1)
    node.stop()
    node.config.write_text(f'member = "{code}"\n' + node.config.read_text()
                           .replace("node.seed", "node-2.seed").replace(f":{node.peer_port}", f":{port}"))
    node.peer_port = port
    for name in ("vote", "checkpoint", "transport"):
        node.state.keys[name] = renewed.keys[name]
    config = node.folder / "assent.toml"
    config.write_text(config.read_text() + f'node_key = "{renewed.public("transport").hex()}"\n')
    node.start()
    return node


def test_a_node_hears_of_the_end_of_its_keys(new_cluster, say):
    cluster = new_cluster(heartbeat_s=40)
    node = cluster["IND"]
    entry = signed(cluster, "IND", renew(cluster, "IND")[0])
    others = [cluster[code].client() for code in ("FRA", "JPN", "USA")]
    for client in others:
        client.status()  # it is connected
    say("the node of IND stands still while the ledger ends the time of its keys")
    node.process.send_signal(signal.SIGSTOP)
    try:
        others[0].submit(entry)
        wait_until("the others to be in the next epoch", lambda: all(client.status().epoch == 2 for client in others))
    finally:
        node.process.send_signal(signal.SIGCONT)
    wait_until("IND to hear of it", lambda: cluster.operator_status("IND")["ledger"]["epoch"] == 2)
    wait_until("the others to let it go", lambda: not any(
        peer["sending"] or peer["receiving"] for peer in cluster.operator_status("IND")["peers"]))
    say("it has heard of it, and is nobody's peer any more")


def test_a_node_joins_with_the_founding_act_and_one_address(new_cluster, say):
    cluster = new_cluster(heartbeat_s=40)
    late = cluster["USA"]
    late.stop()
    late.wipe()
    for code in ("FRA", "IND", "JPN"):
        # Three of four voters must be there to go on: the one that is restarted is missed only for a moment.
        moved = move(cluster, code)
    tree = cluster.wait_for_agreement(("FRA", "IND", "JPN"), at_least=3).tree_size
    assert tree == 3
    say("three of four nodes have new keys and live elsewhere; the fourth has lost its data")

    late.init()
    late.start()
    peers = cluster.operator_status("USA")["peers"]
    assert not any(peer["sending"] for peer in peers), peers
    late.stop()
    text = late.config.read_text()
    late.config.write_text(f'peer.join = "JPN=127.0.0.1:{moved.peer_port}"\n' + text)
    late.start()
    assert late.client().status().tree_size == 0, "it has no reason to believe the key that it meets there"
    late.stop()
    late.config.write_text(
        f'peer.join = "JPN=127.0.0.1:{moved.peer_port}={moved.state.public("transport").hex()}"\n' + text)
    late.start()
    cluster.wait_for_agreement(at_least=tree)
    wait_until("its links to all others", lambda: all(
        peer["sending"] and peer["receiving"] for peer in cluster.operator_status("USA")["peers"]))
    say("told of one address and its key, it has found them all")
