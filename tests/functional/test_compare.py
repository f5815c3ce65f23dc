"""`assent compare`: nodes that are alike, nodes whose state differs in one key, nodes on two ledgers that have parted."""

import shutil

from client import Author, file_one
from cluster import BUILD, Node, free_ports, run

EDIT = BUILD / "tests/functional/edit-database"


def compare(cluster, nodes, *flags, expect):
    names = [f"127.0.0.1:{node.client_port}" for node in nodes]
    return cluster.cli("FRA", "compare", *names, *flags, expect=expect)


def compared(cluster, nodes, expect):
    return cluster.json("FRA", "compare", *[f"127.0.0.1:{node.client_port}" for node in nodes], expect=expect)


def test_nodes_that_are_alike_and_one_whose_state_is_not(new_cluster, say):
    cluster = new_cluster(heartbeat_s=40)
    author = Author(cluster, "FRA")
    for _ in range(5):
        file_one(cluster["FRA"].client(), author)
    cluster.wait_for_agreement(at_least=5)
    told = compare(cluster, cluster, expect=0).stdout
    assert "blocks: the same up to " in told
    assert "state: the same " in told
    say(told.splitlines()[-1])
    answer = compared(cluster, cluster, expect=0)
    assert answer["same"] is True and len(answer["nodes"]) == 4 and answer["state_keys_same"] > 20

    say("who is no member sees no keys of the state")
    folder = cluster["FRA"].folder
    public = folder / "public.toml"
    public.write_text(f'act = "{cluster.act}"\n')
    done = run(BUILD / "client/assent", "compare", *[f"127.0.0.1:{node.client_port}" for node in cluster],
               "--config", public)
    assert done.returncode == 0, done.stderr
    assert "state: could not be compared: " in done.stdout and "members only" in done.stdout

    say("one bit of one key turns at IND")
    ind = cluster["IND"]
    ind.stop()
    key = next(key for key in run(EDIT, ind.folder / "data/ledger", "list", "state").stdout.split()
               if bytes.fromhex(key).startswith(b"class/"))
    assert run(EDIT, ind.folder / "data/ledger", "flip", "state", key, "3").returncode == 0
    ind.start()
    cluster.wait_for_agreement()
    answer = compared(cluster, [cluster["FRA"], ind], expect=1)
    assert answer["same"] is False and "first_block" not in answer
    assert answer["first_key"] == bytes.fromhex(key).decode()
    told = compare(cluster, [cluster["FRA"], ind], expect=1).stdout
    assert f"the first key that differs is {bytes.fromhex(key).decode()}" in told
    say(told.splitlines()[-3])


def test_the_first_block_of_two_ledgers_that_have_parted(new_cluster, say):
    cluster = new_cluster(codes=("FRA",), heartbeat_s=40)
    node = cluster["FRA"]
    author = Author(cluster, "FRA")
    for _ in range(6):
        file_one(node.client(), author)
    node.stop()
    say("the one node of a ledger is copied, and both go on: what must never be done")
    twin = Node(cluster, node.state, *free_ports(2))
    twin.folder = cluster.folder / "twin"
    twin.config, twin.admin_socket = twin.folder / "node.toml", twin.folder / "admin.sock"
    twin.write_files()
    shutil.copytree(node.folder / "data", twin.folder / "data")
    node.start()
    twin.start()
    try:
        parted = node.client().status().height + 1
        for one, entries in ((node, 9), (twin, 4)):
            own = Author(cluster, "FRA").follow(one.client())
            for _ in range(entries):
                file_one(one.client(), own)
        answer = compared(cluster, [node, twin], expect=1)
        assert answer["same"] is False
        assert answer["first_block"]["height"] == parted
        assert answer["first_block"]["entry"] == 6
        assert {"time", "tree_root", "state_digest"} <= set(answer["first_block"]["fields"])
        told = compare(cluster, [node, twin], expect=1)
        assert f"blocks: the first that differs is {parted}" in told.stdout
        assert "the nodes differ" in told.stderr
        say(told.stdout.splitlines()[4])
    finally:
        twin.kill()


def test_a_node_that_is_not_there_is_named(new_cluster):
    cluster = new_cluster(codes=("FRA",), heartbeat_s=40)
    port = free_ports(1)[0]
    done = cluster.cli("FRA", "compare", f"127.0.0.1:{cluster['FRA'].client_port}", f"127.0.0.1:{port}", expect=1)
    assert f"cannot reach the node at 127.0.0.1:{port}" in done.stderr
