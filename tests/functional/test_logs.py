"""What a node tells its operator: one line an event, at the level that is asked for, and nothing that is for members
only or secret."""

import base64
import datetime
import json
import os
import re

import pytest

from client import Author, file_one, notification
from cluster import ASSENT, Cluster, run, wait_until
from protos import entry as entry_pb

MARKER = "marker" + os.urandom(12).hex()
# time, level, event, named values
LINE = re.compile(r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z (debug|info|warning|error) [a-z][^"=]*'
                  r'( [a-z_]+=("([^"\\]|\\.)*"|[^ "=\\]+))*$')

# Of syslog(3).
PRIORITIES = {"error": 3, "warning": 4, "info": 6, "debug": 7}


@pytest.fixture(name="logged", scope="module")
def ledger_that_logs(tmp_path_factory):
    """FRA logs text, IND JSON, both into what they take for the journal and a file."""
    cluster = Cluster(tmp_path_factory.mktemp("logs") / "ledger", codes=("FRA", "IND"), heartbeat_s=30)
    with open(cluster["IND"].config, "a", encoding="utf-8") as file:
        file.write('log.format = "json"\nlog.level = "debug"\n')
    try:
        yield cluster.start()
    finally:
        cluster.close()


def log_level(cluster, code, level):
    return run(ASSENT, "log-level", level, "--admin", cluster[code].admin_socket)


def test_each_line_is_one_event(logged):
    author = Author(logged, "FRA").follow(logged["FRA"].client())
    file_one(logged["FRA"].client(), author)
    for line in logged["FRA"].log().splitlines():
        assert LINE.match(line), line
    lines = wait_until("a block in the log", lambda: [
        line for line in map(json.loads, logged["IND"].log().splitlines()) if line["event"] == "final block"])
    assert {"time", "level", "event", "ledger", "height", "view", "entries"} == set(lines[-1])
    assert lines[-1]["ledger"] == logged.ledger_id.hex() and lines[-1]["level"] == "debug"
    datetime.datetime.strptime(lines[-1]["time"], "%Y-%m-%dT%H:%M:%S.%fZ")
    assert any(line["event"] == "peer up" and line["peer"] == "FRA"
               for line in map(json.loads, logged["IND"].log().splitlines()))


def test_the_operator_changes_the_level_while_the_node_runs(logged, say):
    node = logged["FRA"]
    client = node.client()
    author = Author(logged, "FRA").follow(client)
    file_one(client, author)
    assert "final block" not in node.log()

    say("debug")
    done = log_level(logged, "FRA", "debug")
    assert done.returncode == 0 and "debug" in done.stdout, done.stderr
    file_one(client, author)
    wait_until("the block in the log", lambda: "debug final block height=" in node.log())
    assert "info log level level=debug" in node.log()

    say("error: the last line says so, and no more come")
    assert log_level(logged, "FRA", "error").returncode == 0
    before = node.log()
    file_one(client, author)
    logged["IND"].kill()
    wait_until("the peer is gone", lambda: not logged.operator_status("FRA")["peers"][0]["receiving"])
    assert node.log() == before and before.rstrip().endswith("info log level level=error")
    logged["IND"].start()
    assert log_level(logged, "FRA", "info").returncode == 0

    done = log_level(logged, "FRA", "loud")
    assert done.returncode == 1 and "no such log level" in done.stderr


@pytest.mark.parametrize("code", ["FRA", "IND"])
def test_the_journal_gets_priorities_and_nobody_else(logged, code):
    node = logged[code]
    about = os.stat(node.folder / "node.log")
    for journal, prefixed in ((f"{about.st_dev}:{about.st_ino}", True), (f"{about.st_dev}:{about.st_ino + 1}", False)):
        node.stop()
        before = len(node.log())
        node.start(environment={**os.environ, "JOURNAL_STREAM": journal})
        lines = wait_until("some lines", lambda: node.log()[before:].splitlines())
        for line in lines:
            level = re.search(r"\b(debug|info|warning|error)\b", line).group(1)
            assert line.startswith(f"<{PRIORITIES[level]}>") == prefixed, line
            assert prefixed or not line.startswith("<"), line


def in_all_spellings(secret):
    yield secret.hex()
    yield secret.hex().upper()
    yield base64.b64encode(secret).decode()
    yield base64.b64encode(secret).decode().rstrip("=")


def test_neither_bodies_nor_secrets_are_in_a_log(logged, say):
    say("everything is logged, and all kinds of things go wrong")
    for code in logged.nodes:
        assert log_level(logged, code, "debug").returncode == 0
    client = logged["FRA"].client()
    author = Author(logged, "FRA").follow(client)
    body = notification(reference=MARKER)
    body.visibility = entry_pb.MEMBERS
    filed, _ = file_one(client, author, body)
    again = notification(reference=MARKER)  # of a reference that is there already
    again.visibility = entry_pb.MEMBERS
    refused = [author.prepare(again), author.prepare(body, not_after_us=1), author.prepare(MARKER.encode()),
               author.prepare(body, previous=bytes(32)), author.prepare(body, sequence=1)]
    for entry in refused:
        client.refused(entry)
    client.bytes_refused(MARKER.encode() * 10)
    stranger = Author(logged, "FRA", key=logged["IND"].state.keys["authority"]).follow(client)
    client.refused(stranger.prepare(body))
    done = logged.cli("FRA", "show", f"FRA/{filed.sequence}", expect=None)
    assert MARKER in done.stdout, "the record is there, to be found"
    logged["IND"].kill()
    logged["IND"].start()  # and catches up
    wait_until("IND is back", lambda: logged["IND"].client().status().tree_size > 0)

    for node in logged:
        log = node.log()
        assert logged.ledger_id.hex() in log, "the search finds what is there"
        assert MARKER not in log and "Barents Sea" not in log and node.state.passphrase not in log
        secrets = [node.state.node_seed, *(entry.salt for entry in (filed, *refused)),
                   *(bytes(key) for key in node.state.keys.values())]
        for secret in secrets:
            for spelling in in_all_spellings(secret):
                assert spelling not in log
