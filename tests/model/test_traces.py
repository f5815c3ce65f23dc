"""Runs of real cores follow the rules, as core_rules.py has them and as votes.pml does; with a mistake they do not."""

import copy
import json
import os
import pathlib
import subprocess

import pytest

from core_rules import Checker, Refused
from driven import follow, windows

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ASSENT_BUILD", ROOT / "build" / "release"))
SIMULATION = BUILD / "tests/simulation/assent_simulation"
SEEDS = range(1, 13)
RUN_SECONDS_MAX = 120


@pytest.fixture(scope="module")
def traces(tmp_path_factory):
    """Of four nodes each: up to one hostile, crashes, lost disks, a bad net."""
    folder = tmp_path_factory.mktemp("traces")
    made = []
    for seed in SEEDS:
        path = folder / f"{seed}.jsonl"
        command = [SIMULATION, "--nodes", "4", "--seed", str(seed), "--trace", path]
        subprocess.run(command, check=True, timeout=RUN_SECONDS_MAX, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        made.append([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()])
    return made


def check(events):
    return Checker([json.dumps(event) for event in events]).run()


def test_real_cores_follow_the_rules(traces, capsys):
    total = {}
    for events in traces:
        for what, count in check(events).items():
            total[what] = total.get(what, 0) + count
    with capsys.disabled():
        print(" " + ", ".join(f"{count} {what}" for what, count in total.items()), end="", flush=True)
    assert all(total.values()), "nothing of this kind was looked at"


# --- Mistakes. Each takes a trace and puts one into it, at the first place where it fits; None where there is none.

OTHER = "ee" * 32


def places(events, event, fits=lambda _: True):
    """Indexes of an honest node's events of this kind."""
    honest = events[0]["honest"]
    return [i for i, one in enumerate(events) if one["event"] == event and one["node"] in honest and fits(one)]


def cast(kind):
    return lambda event: any(record.get("vote", {}).get("kind") == kind for record in event["records"])


def vote_of(event, kind):
    return next(record["vote"] for record in event["records"] if record.get("vote", {}).get("kind") == kind)


def did(node, vote):
    record = {"view": vote["view"], "vote": vote}
    return {"node": node, "event": "did", "records": [record], "certified": [], "final": []}


def sent_before_written(events):
    at = places(events, "wrote", lambda one: one["records"] > 0)
    return events[: at[0]] + events[at[0] + 1 :]


def notarized_twice(events):
    at = places(events, "did", cast("notarize"))[0]
    vote = dict(vote_of(events[at], "notarize"), block=OTHER)
    return events[: at + 1] + [did(events[at]["node"], vote)] + events[at + 1 :]


def skipped_after_finalize(events):
    at = places(events, "did", cast("finalize"))[0]
    vote = dict(vote_of(events[at], "finalize"), kind="skip", block="00" * 32)
    return events[: at + 1] + [did(events[at]["node"], vote)] + events[at + 1 :]


def notarized_again_after_a_restart(events):
    """The node has voted, and writes it, crashes, and votes for another block."""
    for crash in places(events, "crash"):
        node = events[crash]["node"]
        mine = [i for i in range(crash) if events[i].get("node") == node]
        sent = [i for i in mine if events[i]["event"] == "sent"]
        votes = [i for i in sent if events[i].get("vote", {}).get("kind") == "notarize"]
        start = next((i for i in places(events, "start") if i > crash and events[i]["node"] == node), None)
        if not votes or start is None or any(events[i]["event"] == "wipe" for i in range(votes[-1], start)):
            continue
        vote = dict(events[votes[-1]]["vote"], block=OTHER)
        return events[: start + 1] + [did(node, vote)] + events[start + 1 :]
    return None


def without_certified(kind, of_kind):
    """Takes away that a node holds the certificate of this kind on which a vote of its own depends."""
    def change(events):
        for at in places(events, "did", cast(of_kind)):
            node, vote = events[at]["node"], vote_of(events[at], of_kind)
            changed = copy.deepcopy(events[: at + 1])
            found = False
            for one in changed:
                if one["event"] == "did" and one["node"] == node:
                    left = [c for c in one["certified"] if not (c["kind"] == kind and c["view"] == vote["view"])]
                    found = found or len(left) < len(one["certified"])
                    one["certified"] = left
            if found:
                return changed + events[at + 1 :]
        return None
    return change


def view_between_not_skipped(events):
    """A block stands on one of an earlier view, and its voter holds no skip certificate of the view between."""
    views = {one["hash"]: one["view"] for one in events if one["event"] == "block"}
    parents = {one["hash"]: one["parent"] for one in events if one["event"] == "block"}
    for at in places(events, "did", cast("notarize")):
        vote = vote_of(events[at], "notarize")
        between = vote["view"] - 1
        if views.get(parents[vote["block"]], 0) >= between:
            continue
        changed = copy.deepcopy(events[: at + 1])
        for one in changed:
            if one["event"] == "did" and one["node"] == events[at]["node"]:
                one["certified"] = [c for c in one["certified"] if (c["kind"], c["view"]) != ("skip", between)]
        return changed + events[at + 1 :]
    return None


def certificate_by_too_few(events):
    changed = copy.deepcopy(events)
    at = places(changed, "took", lambda one: any(len(c["voters"]) > 0 for c in one.get("certificates", [])))[0]
    changed[at]["certificates"][0]["voters"] = changed[at]["certificates"][0]["voters"][:2]
    return changed


def certificate_out_of_nothing(events):
    changed = copy.deepcopy(events)
    at = places(changed, "did")[0]
    changed[at]["certified"].append({"kind": "skip", "view": 900, "block": "00" * 32})
    return changed


def vote_that_nobody_cast(events):
    changed = copy.deepcopy(events)
    at = places(changed, "took", lambda one: one.get("vote", {}).get("voter") in events[0]["honest"])[0]
    changed[at]["vote"]["view"] += 900
    return changed


def block_not_in_journal(events):
    changed = copy.deepcopy(events)
    fits = lambda one: cast("notarize")(one) and any("block" in record for record in one["records"])
    for one in (changed[i] for i in places(changed, "did", fits)):
        one["records"] = [record for record in one["records"] if "block" not in record]
        return changed
    return None


def certificate_not_in_journal(events):
    changed = copy.deepcopy(events)
    one = changed[places(changed, "did", cast("finalize"))[0]]
    one["records"] = [record for record in one["records"] if "notarized" not in record]
    return changed


def another_final_block(events):
    changed = copy.deepcopy(events)
    at = places(changed, "did", lambda one: one["final"])[0]
    changed[at]["final"][-1] = OTHER
    return changed


def restored_too_early(events):
    changed = copy.deepcopy(events)
    for at in places(changed, "did"):
        for record in changed[at]["records"]:
            if "no_vote_up_to" in record:
                record["no_vote_up_to"] -= 1
                return changed
    return None


MISTAKES = [
    (sent_before_written, "not on disk"),
    (notarized_twice, "a second notarize vote"),
    (skipped_after_finalize, "it skips after its Finalize vote|up to the one that it knows to be final"),
    (notarized_again_after_a_restart, "a second notarize vote|up to the one that it knows to be final"),
    (without_certified("notarize", "finalize"), "without the notarize certificate|that it has not entered"),
    (view_between_not_skipped, "is not skipped|it votes in a view that it has not entered"),
    (certificate_by_too_few, "too few voters"),
    (certificate_out_of_nothing, "it claims a certificate by 0 votes"),
    (vote_that_nobody_cast, "a vote that nobody has cast"),
    (block_not_in_journal, "not in its journal"),
    (certificate_not_in_journal, "its certificate is not in the journal"),
    (another_final_block, "does not follow the last final block"),
    (restored_too_early, "it votes from view"),
]


@pytest.mark.parametrize("mistake, why", MISTAKES, ids=[
    "finalized_unnotarized" if mistake.__name__ == "change" else mistake.__name__ for mistake, _ in MISTAKES])
def test_a_mistake_is_refused(traces, mistake, why):
    for events in traces:
        changed = mistake(events)
        if changed is not None:
            with pytest.raises(Refused, match=why):
                check(changed)
            return
    pytest.fail("no trace has a place for this mistake")


# --- The same runs, followed by the model

def test_the_model_follows_real_cores(traces, tmp_path, capsys):
    counts = dict.fromkeys(("notarize", "skip", "finalize"), 0)
    for events in traces:
        for steps in windows(events):
            assert follow(tmp_path, steps), steps
            for _, kind, *_ in steps:
                counts[kind] += 1
    with capsys.disabled():
        print(" " + ", ".join(f"{count} {kind}" for kind, count in counts.items()), end="", flush=True)
    assert all(counts.values())


def first(steps, kind, fits=lambda *_: True):
    """Index of the first vote of this kind in the window, or None."""
    return next((i for i, one in enumerate(steps) if one[1] == kind and fits(*one)), None)


def inserted_after(at, steps, *vote):
    return None if at is None else [*steps[: at + 1], vote, *steps[at + 1 :]]


def second_notarize(steps):
    at = first(steps, "notarize")
    node, _, view, number, parent = steps[at]
    return inserted_after(at, steps, node, "notarize", view, 1 - number, parent)


def skip_after_finalize(steps):
    at = first(steps, "finalize")
    return inserted_after(at, steps, steps[at][0], "skip", steps[at][2], 0, 0) if at is not None else None


def finalize_after_skip(steps):
    """By one that has voted for a certified block in a view, and skips it."""
    at = first(steps, "skip", lambda node, _, view, *__: any(
        one[:3] == (node, "notarize", view) and sum(other[1:4] == one[1:4] for other in steps) >= 2 for one in steps))
    if at is None:
        return None
    node, _, view, *_ = steps[at]
    return [*steps, next((node, "finalize", *one[2:]) for one in steps if one[:3] == (node, "notarize", view))]


def finalize_of_uncertified(steps):
    at = first(steps, "finalize")
    if at is None:
        return None
    node, _, view, *_ = steps[at]
    return [one for one in steps[:at] if one[0] == node or one[1:3] != ("notarize", view)] + steps[at:]


def view_not_entered(steps):
    at = first(steps, "skip", lambda _, __, view, *___: view > 1)
    return None if at is None else [steps[at], *steps[:at], *steps[at + 1 :]]


def parent_passes_over_a_view(steps):
    at = first(steps, "notarize", lambda _, __, view, ___, parent: view == 2 and parent > 0
               and first(steps, "skip") is None)
    return None if at is None else [*steps[:at], (*steps[at][:4], 0), *steps[at + 1 :]]


@pytest.mark.parametrize("mistake", [second_notarize, skip_after_finalize, finalize_after_skip, finalize_of_uncertified,
                                     view_not_entered, parent_passes_over_a_view], ids=lambda one: one.__name__)
def test_the_model_does_not_follow_a_mistake(traces, tmp_path, mistake):
    for steps in (steps for events in traces for steps in windows(events)):
        changed = mistake(steps)
        if changed is not None:
            assert follow(tmp_path, steps) and not follow(tmp_path, changed)
            return
    pytest.fail("no trace has a place for this mistake")
