"""Disks that are full, turn read-only, or lose power: what was answered as final is there afterwards."""

import os
import re

import disks
import syscalls
from client import Author, file_one
from cluster import wait_until
from kills import kill_at_once
from load import SteadyLoad, check_nothing_is_lost
from steps import why_it_stopped

PER_SECOND = 60
# Less than RocksDB takes ahead for its log when it can (35 MiB): it would go on in that for long.
SMALL_DISK_BYTES = 16 * 1024 * 1024
SPARE_BYTES = 256 * 1024
POWER_CUTS = 3
FILED_UNSYNCED = 10


def fill(folder, path, spare_bytes):
    """Takes all room but so much."""
    free = os.statvfs(folder)
    with open(path, "wb") as file:
        if free.f_bavail * free.f_bsize > spare_bytes:
            os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_bsize - spare_bytes)


def cannot_be_written(line):
    """What meets it first: the log, on behalf of a vote, or a table, in the background."""
    return "votes could be forgotten" in line or "cannot write the tables of the database" in line


def others_go_on(cluster, load, node):
    load.wait_for(PER_SECOND)
    for other in cluster:
        assert other is node or other.running(), f"{other.code} ended with {node.code}"


def test_a_full_disk_stops_its_node_alone(new_cluster, tmp_path, say):
    with disks.small_disk(tmp_path / "small", SMALL_DISK_BYTES) as folder:
        cluster = new_cluster(before=lambda made: disks.keep_data_on(made["IND"], folder), heartbeat_s=40)
        node = cluster["IND"]
        try:
            with SteadyLoad(cluster, cluster.nodes, PER_SECOND, follow=True) as load:
                load.wait_for(20)
                filling = folder / "something-else"
                say("something else fills the disk of IND")
                fill(folder, filling, SPARE_BYTES)
                line = why_it_stopped(node)
                say(line)
                assert cannot_be_written(line) and "No space left on device" in line
                assert line.endswith("; mend the disk, then start the node again")
                others_go_on(cluster, load, node)

                fill(folder, folder / "the-rest", 0)
                say("started again on the full disk, it says so and ends")
                node.start(wait=False)
                assert "No space left on device" in why_it_stopped(node)
                filling.unlink()
                say("there is room again: it starts, and goes on with the others")
                node.start()
                load.wait_for(PER_SECOND)
            cluster.wait_for_agreement(at_least=len(load.final))
            assert cluster.operator_status("IND")["mode"] == "VOTING"
            check_nothing_is_lost(cluster, load.final)
        finally:
            cluster.close()


def test_a_disk_that_turns_read_only_stops_its_node_alone(new_cluster, tmp_path, say):
    with disks.ext4(tmp_path / "disk") as disk:
        cluster = new_cluster(before=lambda made: disks.keep_data_on(made["JPN"], disk.folder), heartbeat_s=40)
        node = cluster["JPN"]
        try:
            with SteadyLoad(cluster, cluster.nodes, PER_SECOND, follow=True) as load:
                load.wait_for(20)
                say("the file system of JPN finds an error and turns read-only")
                disk.fail()
                line = why_it_stopped(node)
                say(line)
                assert cannot_be_written(line)
                # A sync that was under way fails otherwise than what begins after it.
                under_way = re.search("While (fdatasync|fsync): .*: Input/output error; ", line)
                assert under_way or "Read-only file system" in line
                assert line.endswith("; mend the disk, then start the node again")
                others_go_on(cluster, load, node)
                node.start(wait=False)
                line = why_it_stopped(node)
                say(f"started on it as it is: {line}")
                assert "Read-only file system" in line
                disk.repair()
                say("the file system is repaired: it starts, and goes on with the others")
                node.start()
                load.wait_for(PER_SECOND)
            cluster.wait_for_agreement(at_least=len(load.final))
            assert cluster.operator_status("JPN")["mode"] == "VOTING"
            check_nothing_is_lost(cluster, load.final)
        finally:
            cluster.close()


def start_all(cluster):
    for node in cluster:
        node.start(wait=False)
    for node in cluster:
        wait_until(f"the node of {node.code} serves", node.serves)


def all_on(disk):
    def before(cluster):
        for node in cluster:
            disks.keep_data_on(node, disk.folder)
    return before


def test_a_power_cut_of_all_nodes_loses_nothing_final(new_cluster, tmp_path, say):
    with disks.ext4(tmp_path / "disk") as disk:
        cluster = new_cluster(before=all_on(disk), heartbeat_s=40)
        try:
            final = {}
            for number in range(POWER_CUTS):
                with SteadyLoad(cluster, cluster.nodes, PER_SECOND, seed=number, follow=True) as load:
                    load.wait_for(40)
                    unsynced = disk.folder / f"unsynced{number}"
                    unsynced.write_bytes(b"x" * 4096)
                    disk.cut_power()
                    kill_at_once(cluster, cluster.nodes)
                    # What was answered up to here was on the disks of a quorum before.
                    answered = dict(load.final)
                    disk.detach()
                    disk.attach()
                    assert not unsynced.exists() or not unsynced.read_bytes(), "the power cut lost nothing"
                    start_all(cluster)
                    load.wait_for(20)
                final.update(load.final)
                assert set(answered) <= set(load.final)
                agreed = cluster.wait_for_agreement(at_least=len(final))
                check_nothing_is_lost(cluster, final)
                say(f"power cut {number + 1} at {len(answered)} entries: all nodes lost what was not synced, started "
                    f"again, and agree at height {agreed.height}; nothing final is missing")
            for node in cluster:
                status = cluster.operator_status(node.code)
                assert (status["mode"], status["evidence"]) == ("VOTING", 0), status
        finally:
            cluster.close()


def test_a_power_cut_shows_that_nodes_do_not_sync(new_cluster, tmp_path, say):
    """Their calls to sync return at once and do nothing: if all was there afterwards, the test above would show nothing."""
    syscalls.skip_unless_possible()
    with disks.ext4(tmp_path / "disk") as disk:
        cluster = new_cluster(before=all_on(disk), heartbeat_s=40)
        try:
            for node in cluster:
                node.stop()
                node.start(wait=False, within=syscalls.within_passing_over("fsync,fdatasync"))
            for node in cluster:
                wait_until(f"the node of {node.code} serves", node.serves)
            client = cluster["FRA"].client()
            author = Author(cluster, "FRA").follow(client)
            for _ in range(FILED_UNSYNCED):
                last = file_one(client, author)[1]
            disk.cut_power()
            kill_at_once(cluster, cluster.nodes)
            disk.detach()
            disk.attach()
            for node in cluster:
                node.start(wait=False)
            for node in cluster:
                wait_until("it to serve, or to have ended", lambda node=node: not node.running() or node.listens())
            sizes = {node.code: node.client().status().tree_size if node.running() else 0 for node in cluster}
            say(f"entry {last.index} was answered as final; afterwards they have {sizes} entries")
            assert max(sizes.values()) <= last.index
        finally:
            cluster.close()
