"""Runs of real cores follow the rules, as core_rules.py has them and as votes.pml does; with a mistake they do not."""

import copy
import json
import os
import pathlib

import pytest

from core_rules import Checker, Refused
from driven import SECOND, Step, follow, windows
from traces import KINDS, trace

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ASSENT_BUILD", ROOT / "build" / "release"))
SIMULATION = BUILD / "tests/simulation/assent_simulation"
SEEDS = dict(zip(KINDS, (range(1, 9), range(1, 23), *4 * [range(1, 5)])))


@pytest.fixture(scope="module", name="traces")
def traced_runs(tmp_path_factory):
    """Crashes, lost disks, a bad net."""
    path = tmp_path_factory.mktemp("traces") / "trace.jsonl"
    return [[json.loads(line) for line in trace(SIMULATION, kind, seed, path)]
            for kind, seeds in SEEDS.items() for seed in seeds]


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


# --- Of epochs

def entry(events):
    """Index of the start of a core that takes the next epoch up, on a closing block; None where there is none."""
    closing = {event["hash"] for event in events if event["event"] == "block" and event["kind"] == "closing"}
    up = {}
    for at, event in enumerate(events):
        if event["event"] == "crash":
            up[event["node"]] = False
        elif event["event"] == "start":
            honest = event["node"] in events[0]["honest"]
            if honest and up.get(event["node"]) and event["self"] is not None and event["root"] in closing:
                return at
            up[event["node"]] = True
    return None


def other_voters(events):
    """The first node to enter has them right."""
    at = entry(events)
    if at is None:
        return None
    epoch = events[at]["epoch"]
    later = next((i for i in places(events, "start", lambda one: one["epoch"] == epoch) if i > at), None)
    if later is None:
        return None
    return [*events[:later], dict(events[later], keys=events[later]["keys"][::-1]), *events[later + 1 :]]


def epoch_passed_over(events):
    at = entry(events)
    return None if at is None else [*events[:at], dict(events[at], epoch=events[at]["epoch"] + 1), *events[at + 1 :]]


def entered_before_it_is_on_disk(events):
    at = entry(events)
    if at is None:
        return None
    wrote = [i for i in places(events, "wrote", lambda one: one["blocks"]) if i < at
             and events[i]["node"] == events[at]["node"]]
    return events[: wrote[-1]] + events[wrote[-1] + 1 :]


def vote_after_the_end(events):
    at = entry(events)
    if at is None:
        return None
    before = [i for i in places(events, "did", lambda one: one["records"]) if i < at
              and events[i]["node"] == events[at]["node"]]
    voter = next(i for i in reversed(before) if any("vote" in record for record in events[i]["records"]))
    vote = next(record["vote"] for record in events[voter]["records"] if "vote" in record)
    skip = dict(vote, kind="skip", view=vote["view"] + 1, block="00" * 32)
    return [*events[:at], did(events[at]["node"], skip), *events[at:]]


def normal_after_closing(events):
    changed = copy.deepcopy(events)
    for one in changed:
        if one["event"] == "block" and one["kind"] == "tail":
            one["kind"] = "normal"
            return changed
    return None


def tail_in_the_log(events):
    kinds = {one["hash"]: one["kind"] for one in events if one["event"] == "block"}
    for at in places(events, "did", lambda one: one["final"] and kinds[one["final"][-1]] == "closing"):
        tail = [one["hash"] for one in events[:at] if one["event"] == "block"
                and one["kind"] == "tail" and one["parent"] == events[at]["final"][-1]]
        held = {one["block"] for i in places(events[:at + 1], "did") for one in events[i]["certified"]
                if events[i]["node"] == events[at]["node"] and one["kind"] == "finalize"}
        if tail and tail[0] in held:
            return [*events[:at], dict(events[at], final=[*events[at]["final"], tail[0]]), *events[at + 1 :]]
    return None


def vote_with_an_act(events):
    for at in places(events, "took", lambda one: "ends_at" in one):
        node = events[at]["node"]
        voted = [i for i in places(events, "did", cast("notarize")) if i < at and events[i]["node"] == node]
        if voted:
            vote = dict(vote_of(events[voted[-1]], "notarize"), kind="skip", block="00" * 32)
            return [*events[: at + 1], did(node, vote), *events[at + 1 :]]
    return None


def final_without_the_act(events):
    """What it names is delivered, and no certificate makes it final."""
    for at in places(events, "took", lambda one: "ends_at" in one):
        after = [i for i in places(events, "did", lambda one: events[at]["ends_at"] in one["final"]) if i > at
                 and events[i]["node"] == events[at]["node"]]
        held = {one["block"] for i in places(events[: at + 1], "did") for one in events[i]["certified"]
                if one["kind"] == "finalize"}
        if after and events[at]["ends_at"] not in held:
            return events[:at] + events[at + 1 :]
    return None


def lost_disk_not_noticed(events):
    wiped = set()
    for at, event in enumerate(events):
        if event["event"] == "wipe" and event["node"] in events[0]["honest"]:
            wiped.add(event["node"])
        elif event["event"] == "start" and event["node"] in wiped:
            return [*events[:at], dict(event, restoring=False), *events[at + 1 :]]
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
    (lost_disk_not_noticed, "it has lost its votes, and is not restoring"),
    (other_voters, "it takes others for the voters"),
    (epoch_passed_over, "does not close the one before"),
    (entered_before_it_is_on_disk, "blocks on disk"),
    (vote_after_the_end, "a vote in an epoch that is over"),
    (normal_after_closing, "a normal block at this place of the epoch"),
    (tail_in_the_log, "after the epoch's last"),
    (vote_with_an_act, "a vote in an epoch that is over"),
    (final_without_the_act, "it delivers what has no finalize certificate"),
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
    counts = dict.fromkeys(("notarize", "skip", "finalize", "enter"), 0)
    for events in traces:
        for steps in windows(events):
            assert follow(tmp_path, steps), steps
            for step in steps:
                counts[step.action] += 1
    with capsys.disabled():
        print(" " + ", ".join(f"{count} {action}" for action, count in counts.items()), end="", flush=True)
    assert all(counts.values())


# Mistakes that take the steps of a window, as above.

def first(steps, action, fits=lambda _: True):
    """Index of the first step of this kind in the window, or None."""
    return next((i for i, one in enumerate(steps) if one.action == action and fits(one)), None)


def inserted_after(at, steps, step):
    return [*steps[: at + 1], step, *steps[at + 1 :]]


def second_notarize(steps):
    at = first(steps, "notarize")
    return None if at is None else inserted_after(at, steps, steps[at]._replace(block=1 - steps[at].block))


def skip_after_finalize(steps):
    at = first(steps, "finalize")
    return None if at is None else inserted_after(at, steps, steps[at]._replace(action="skip"))


def finalize_after_skip(steps):
    """By one that has voted for a certified block in a view, and skips it."""
    def fits(skip):
        return any(one[:3] == (skip.voter, "notarize", skip.view) and
                   sum(other[1:4] == one[1:4] for other in steps) >= 2 for one in steps)
    at = first(steps, "skip", fits)
    return None if at is None else [*steps, next(one._replace(action="finalize") for one in steps
                                if one[:3] == (steps[at].voter, "notarize", steps[at].view))]


def finalize_of_uncertified(steps):
    at = first(steps, "finalize")
    return None if at is None else [one for one in steps[:at] if one.voter == steps[at].voter
                   or one[1:3] != ("notarize", steps[at].view)] + steps[at:]


def view_not_entered(steps):
    at = first(steps, "skip", lambda one: 1 < one.view < SECOND)
    return None if at is None else [steps[at], *steps[:at], *steps[at + 1 :]]


def parent_passes_over_a_view(steps):
    at = first(steps, "notarize", lambda one: one.view == 2 and one.parent > 0 and first(steps, "skip") is None)
    return None if at is None else [*steps[:at], steps[at]._replace(parent=0), *steps[at + 1 :]]


def normal_block_after_closing(steps):
    at = first(steps, "notarize", lambda one: one.kind == "TAIL")
    return None if at is None else [one._replace(kind="NORMAL") if one.kind == "TAIL" else one for one in steps]


def entered_before_it_is_final(steps):
    at = first(steps, "enter")
    return None if at is None else [steps[at], *steps[:at], *steps[at + 1 :]]


def replaced_one_votes_on(steps):
    """That which is not in the next set, in place of its successor."""
    if first(steps, "notarize", lambda one: one.view == SECOND and one.voter == 3) is None:
        return None
    entered = {one.voter for one in steps if one.action == "enter"}
    gone = ({1, 2} - entered).pop() if {1, 2} - entered else None
    return None if gone is None else [one._replace(voter=gone) if one.voter == 3 else one for one in steps]


@pytest.mark.parametrize("mistake", [
    second_notarize, skip_after_finalize, finalize_after_skip, finalize_of_uncertified, view_not_entered,
    parent_passes_over_a_view, normal_block_after_closing, entered_before_it_is_final, replaced_one_votes_on],
    ids=lambda one: one.__name__)
def test_the_model_does_not_follow_a_mistake(traces, tmp_path, mistake):
    for steps in (steps for events in traces for steps in windows(events)):
        changed = mistake(steps)
        if changed:
            assert follow(tmp_path, steps) and not follow(tmp_path, changed)
            return
    pytest.fail("no trace has a place for this mistake")


def test_nobody_votes_in_an_epoch_that_it_has_left(traces, tmp_path):
    """A Skip vote that is right just before, and not after."""
    for steps in (steps for events in traces for steps in windows(events)):
        for at, enter in enumerate(steps):
            view = enter.view + 1
            mine = {one.action for one in steps[:at] if one.voter == enter.voter and one.view == view}
            if enter.action == "enter" and view < SECOND and enter.voter < 3 and not mine & {"skip", "finalize"}:
                vote = Step(enter.voter, "skip", view, 0, 0, None)
                assert follow(tmp_path, [*steps[:at], vote, enter])
                assert not follow(tmp_path, [*steps[:at], enter, vote])
                return
    pytest.fail("no trace has a place for this mistake")
