"""History from a table: four states file it at once, are interrupted, and go on."""

import collections
import csv
import json
import signal
import subprocess
import time

from cluster import ASSENT, CODES, ROOT, wait_until
from protos import entry as entry_pb
from protos import ledger

SAMPLE = ROOT / "deploy" / "sample"
MOVED = "20000d"  # the launches of 2002 lie in the far future


def rows():
    with open(SAMPLE / "launches.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_classes(folder):
    path = folder / "classes.toml"
    path.write_text('[classes]\n"" = "SLV_MEDIUM"\n')  # the founding act has no other for space launches
    return path


def write_list(folder, name, launches):
    path = folder / name
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, launches[0].keys())
        table.writeheader()
        table.writerows(launches)
    return path


def command(cluster, launches, classes, *options):
    states = [part for code in CODES for part in ("--state", cluster[code].folder / "assent.toml")]
    return [str(part) for part in (ASSENT, "import", launches, "--classes", classes, *states, "--json", *options)]


def run_import(cluster, launches, classes, *options, expect=0):
    done = subprocess.run(command(cluster, launches, classes, *options), capture_output=True, text=True, timeout=300,
                          stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == expect, done.stderr
    return {facts["state"]: facts for facts in json.loads(done.stdout)["states"]}


def records(cluster, record_type):
    """All entries of a type with their bodies, as a member reads them."""
    answer = []
    token = ""
    while True:
        page = cluster["FRA"].client().stub.ListEntries(
            ledger.ListEntriesRequest(page_size=1000, type=record_type, page_token=token), timeout=30)
        answer += [(item, entry_pb.Body.FromString(item.entry.body)) for item in page.entries]
        token = page.next_page_token
        if not token:
            return answer


def named(item):
    """The header of an entry's answer."""
    return entry_pb.EntryHeader.FromString(item.entry.header)


def timeliness(item):
    kinds = item.DESCRIPTOR.fields_by_name["timeliness"].enum_type
    return kinds.values_by_number[item.timeliness].name


def test_history_is_filed_as_the_future_and_once(new_cluster, tmp_path, say):
    cluster = new_cluster()
    launches, classes = rows(), write_classes(tmp_path)
    by_state = collections.Counter(launch["state"] for launch in launches)
    path = write_list(tmp_path, "launches.csv", launches)

    say("a dry run says what would be filed, and files nothing")
    planned = run_import(cluster, path, classes, "--shift", MOVED, "--dry-run")
    assert {code: facts["wanted"] for code, facts in planned.items()} == by_state
    assert cluster["FRA"].client().status().tree_size == 0

    say("an import is killed while it files")
    process = subprocess.Popen(command(cluster, path, classes, "--shift", MOVED), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    wait_until("something is filed", lambda: cluster["FRA"].client().status().tree_size > 0)
    process.send_signal(signal.SIGKILL)
    process.wait()

    say("the same again files the rest, each launch once, all of them in time")
    resumed = run_import(cluster, path, classes, "--shift", MOVED)
    for code, facts in resumed.items():
        assert facts["good"] and facts["notified_before"] + facts["notified"] == by_state[code], facts
        assert facts["reported"] == 0 and facts["ahead"] == by_state[code], "what is ahead is not reported"
    cluster.wait_for_agreement(at_least=len(launches))
    notified = records(cluster, "LaunchNotification")
    references = collections.Counter((named(item).author, body.launch_notification.reference)
                                     for item, body in notified)
    assert len(references) == len(launches) and set(references.values()) == {1}
    assert {timeliness(item) for item, _ in notified} == {"TIMELY"}

    say("and once more nothing")
    size = cluster["FRA"].client().status().tree_size
    assert all(facts["wanted"] == 0 for facts in run_import(cluster, path, classes, "--shift", MOVED).values())
    assert cluster["FRA"].client().status().tree_size == size == len(launches)


def test_what_has_taken_place_is_reported(new_cluster, tmp_path, say):
    cluster = new_cluster()
    classes = write_classes(tmp_path)
    launches = rows()
    past, recent = launches[:20], dict(launches[20], launch_time_utc=time.strftime(
        "%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 300)))
    path = write_list(tmp_path, "past.csv", [*past, recent])

    say("launches before the ledger, and one of five minutes ago")
    filed = run_import(cluster, path, classes, "--visibility", "PUBLIC")
    cluster.wait_for_agreement(at_least=42)
    assert sum(facts["notified"] for facts in filed.values()) == 21
    assert sum(facts["reported"] for facts in filed.values()) == 21
    notified = {item.index: item for item, _ in records(cluster, "LaunchNotification")}
    outcomes = collections.Counter()
    for item, body in records(cluster, "LaunchReport"):
        report = body.launch_report
        assert named(item).author == named(notified[report.notification]).author
        outcomes[report.outcome] += 1
    failed = sum(launch["outcome"] == "failed" for launch in [*past, recent])
    assert outcomes[2] == failed and sum(outcomes.values()) == 21
    assert {timeliness(item) for item in notified.values()} == {"HISTORIC"}, "before the ledger was founded"

    say("a vehicle without a class stops it before anything is filed")
    size = cluster["FRA"].client().status().tree_size
    (tmp_path / "few.toml").write_text('[classes]\n"Ariane" = "SLV_HEAVY"\n')
    stopped = subprocess.run(command(cluster, path, tmp_path / "few.toml"), capture_output=True, text=True, timeout=60,
                             stdin=subprocess.DEVNULL, check=False)
    assert stopped.returncode == 1 and "has no class for" in stopped.stderr
    assert cluster["FRA"].client().status().tree_size == size
