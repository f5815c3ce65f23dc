"""What a node shows to Prometheus is what docs/metrics.md says, and it is true; only this machine may read it."""

import http.client
import re
import socket
import subprocess
import time

import pytest

from client import Author, file_one, notification
from cluster import ASSENT_NODE, ROOT, Cluster, run
from prometheus import get, program, with_metrics

PAGE = ROOT / "docs" / "metrics.md"
# A row of the table: name, type, labels.
ROW = re.compile(r"^\| `([a-z0-9_]+)` \| (\w+) \|([^|]*)\|", re.MULTILINE)
SAMPLE = re.compile(r"^([a-z_]+)(?:\{(.*)\})? (\S+)$")


def scrape(port):
    """The samples of a node: name and labels give the number."""
    status, text = get(port)
    assert status == 200, text
    samples = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        name, labels, value = SAMPLE.match(line).groups()
        samples[name, labels.replace('"', "") if labels else ""] = float(value)
    return samples


@pytest.fixture(name="measured", scope="module")
def measured_ledger(tmp_path_factory):
    """A ledger with metrics, on which something has been filed and refused."""
    cluster = Cluster(tmp_path_factory.mktemp("metrics") / "ledger", heartbeat_s=20)
    ports = with_metrics(cluster)
    try:
        cluster.start()
        client = cluster["FRA"].client()
        author = Author(cluster, "FRA")
        for _ in range(8):
            file_one(client, author)
        client.refused(author.prepare(notification(), not_after_us=1))
        cluster.wait_for_agreement(at_least=8)
        yield cluster, ports
    finally:
        cluster.close()


def documented():
    """Type and labels of each name in the table."""
    return {name: (kind, labels) for name, kind, labels in ROW.findall(PAGE.read_text(encoding="utf-8"))}


def test_a_node_exports_what_is_documented_and_nothing_else(measured, say):
    _, ports = measured
    _, text = get(ports["FRA"])
    exported = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
    say(f"{len(exported)} families are exported")
    assert exported == {name: kind for name, (kind, _) in documented().items()}
    assert set(re.findall(r"^# HELP (\S+) \S", text, re.MULTILINE)) == set(exported)


def test_labels_are_those_that_are_documented(measured):
    _, ports = measured
    table = documented()
    for name, labels in scrape(ports["FRA"]):
        family = name if name in table else re.sub(r"_(bucket|sum|count)$", "", name)
        described = table[family][1]
        for label, value in re.findall(r"(\w+)=([^,]*)", labels):
            if label == "le":
                continue
            assert f"`{label}`" in described, (name, label)
            if f"`{label}`:" in described:
                assert f"`{value}`" in described, (name, value)


def test_promtool_finds_no_fault_with_the_names(measured):
    _, ports = measured
    _, text = get(ports["FRA"])
    # What the library adds about itself is not ours to name.
    ours = re.sub(r"^(# \w+ )?exposer_.*\n", "", text, flags=re.MULTILINE)
    done = subprocess.run([program("promtool"), "check", "metrics"], input=ours, capture_output=True, text=True,
                          timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_numbers_are_those_that_the_node_tells(measured):
    cluster, ports = measured
    client = cluster["FRA"].client()
    before = client.status()
    samples = scrape(ports["FRA"])
    after = client.status()
    assert before.height <= samples["assent_block_height", ""] <= after.height
    assert samples["assent_tree_entries", ""] == before.tree_size == after.tree_size
    assert samples["assent_build_info", f"member=FRA,version={before.version}"] == 1
    assert samples["assent_mode", "mode=voting"] == 1 and samples["assent_mode", "mode=following"] == 0
    assert samples["assent_heartbeat_seconds", ""] == 20
    assert 0 <= time.time() - samples["assent_block_timestamp_seconds", ""] < 60
    assert samples["assent_peers", ""] == samples["assent_peers_connected", ""] == 3
    assert all(samples["assent_peer_sending", f"peer={code}"] == 1 for code in ("IND", "JPN", "USA"))
    assert samples["assent_evidence_total", ""] == 0
    assert samples["assent_pool_entries", "author_class=voter"] == 0
    assert 0 < samples["assent_disk_free_bytes", ""] <= samples["assent_disk_size_bytes", ""]
    assert samples["assent_rocksdb_cache_capacity_bytes", ""] == 128 * 1024 * 1024
    assert samples["assent_rocksdb_memtable_bytes", "family=entries"] > 0


def test_submissions_are_counted_where_they_are_made(measured):
    cluster, ports = measured
    client = cluster["FRA"].client()
    before, elsewhere = scrape(ports["FRA"]), scrape(ports["IND"])
    author = Author(cluster, "FRA").follow(client)
    for _ in range(3):
        file_one(client, author)
    _, reason = client.refused(author.prepare(notification(), not_after_us=1))
    after = scrape(ports["FRA"])
    final, refused = ("assent_submissions_total", "outcome=final"), ("assent_submissions_total", "outcome=refused")
    assert after[final] == before[final] + 3
    assert after[refused] == before[refused] + 1
    by_reason = ("assent_submissions_refused_total", f"reason={reason}")
    assert after[by_reason] == before[by_reason] + 1
    count, total = ("assent_finality_latency_seconds_count", ""), ("assent_finality_latency_seconds_sum", "")
    assert after[count] == before[count] + 3
    assert 0 < (after[total] - before[total]) / 3 < 60
    assert scrape(ports["IND"])[final] == elsewhere[final]


def test_clocks_of_one_machine_agree(measured, say):
    cluster, ports = measured
    samples = scrape(ports["FRA"])
    offsets, margins = ({labels: value for (name, labels), value in samples.items()
                         if name == f"assent_peer_clock_{kind}_seconds"} for kind in ("offset", "margin"))
    say(f"{len(offsets)} voters have proposed blocks: {offsets}")
    assert offsets and set(offsets) <= {f"peer={code}" for code in cluster.nodes}
    # A peer's answer is taken to have been given halfway between question and receipt.
    assert all(abs(value) <= margins[labels] + 0.001 for labels, value in offsets.items())
    assert abs(samples["assent_clock_offset_seconds", ""]) <= max(margins.values()) + 0.001


def test_only_this_address_and_this_page_are_served(measured):
    _, ports = measured
    port = ports["FRA"]
    for host in ("127.0.0.2", "127.255.0.1"):
        with pytest.raises(OSError), socket.create_connection((host, port), timeout=5):
            pass
    assert get(port, "/")[0] == get(port, "/node.toml")[0] == get(port, "/../node.toml")[0] == 404
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/metrics", body="x")
    assert connection.getresponse().status >= 400
    connection.close()


def test_idle_connections_do_not_stop_the_node(measured, say):
    """More of them than wait in line are no harm to the node, and the metrics are back soon."""
    cluster, ports = measured
    idle = [socket.create_connection(("127.0.0.1", ports["FRA"]), timeout=30) for _ in range(40)]
    try:
        file_one(cluster["FRA"].client(), Author(cluster, "FRA").follow(cluster["FRA"].client()))
    finally:
        for connection in idle:
            connection.close()
    start = time.monotonic()
    assert get(ports["FRA"])[0] == 200
    say(f"answered after {time.monotonic() - start:.1f} s")


def test_an_address_for_others_must_be_meant(measured, tmp_path):
    cluster, _ = measured
    text = cluster["FRA"].config.read_text(encoding="utf-8")
    text = re.sub(r'metrics\.listen = ".*"', 'metrics.listen = "0.0.0.0:9464"', text)
    config = tmp_path / "node.toml"
    config.write_text(text, encoding="utf-8")
    done = run(ASSENT_NODE, "check", "--config", config, "--no-peers")
    assert done.returncode == 1 and "metrics.beyond_loopback" in done.stdout
    config.write_text(text + 'metrics.beyond_loopback = "yes"\n', encoding="utf-8")
    done = run(ASSENT_NODE, "check", "--config", config, "--no-peers")
    assert "beyond_loopback" not in done.stdout and "configuration" in done.stdout, done.stdout


def test_a_port_that_is_taken_is_said(measured):
    cluster, ports = measured
    node = cluster["IND"]
    node.stop()
    text = node.config.read_text(encoding="utf-8")
    try:
        node.config.write_text(text.replace(str(ports["IND"]), str(ports["FRA"])), encoding="utf-8")
        done = run(ASSENT_NODE, "run", "--config", node.config)
        assert done.returncode == 1
        assert f"cannot listen on 127.0.0.1:{ports['FRA']}" in done.stderr
    finally:
        node.config.write_text(text, encoding="utf-8")
        node.start()
