"""Adds up the reports of the stages.

usage: totals.py REPORTS STAGE=STATUS ...

For each stage, REPORTS holds STAGE.xml (JUnit), STAGE/ with several such, or STAGE.json (`go test -json`), or
none of these when it did not get that far; STATUS is the exit status of its command. Prints a line a stage, and last "N passed, N failed[, N skipped]".
A stage that failed, ran no test, or took too long, without saying which test failed counts as one failure of its own.
"""

import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

LATE = 124  # status of a stage that ran to its end, but not in its time


def count_junit(path):
    """Returns (passed, failed, skipped) of a JUnit report, from its test cases."""
    passed = failed = skipped = 0
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def count_go(path):
    """Returns (passed, failed, skipped) of a `go test -json` report."""
    counts = {"pass": 0, "fail": 0, "skip": 0}
    with open(path, encoding="utf-8") as file:
        for event in map(json.loads, file):
            if "Test" in event and event["Action"] in counts:
                counts[event["Action"]] += 1
    return tuple(counts.values())


def count(folder, stage):
    """Returns (passed, failed, skipped) of a stage, all zero when its report is missing or cut off."""
    reports = [(path, count_junit) for path in ((folder / f"{stage}.xml"), *(folder / stage).glob("*.xml"))]
    totals = [0, 0, 0]
    for path, reader in [*reports, (folder / f"{stage}.json", count_go)]:
        if path.exists():
            try:
                totals = [total + number for total, number in zip(totals, reader(path))]
            except (ElementTree.ParseError, ValueError):
                return 0, 0, 0
    return tuple(totals)


def main(folder, stages):
    totals = [0, 0, 0]
    for stage, status in (argument.split("=") for argument in stages):
        passed, failed, skipped = count(pathlib.Path(folder), stage)
        note = ""
        if failed == 0 and (int(status) != 0 or passed == 0):
            note = {0: "  it ran no test", LATE: "  it took longer than its minutes"}.get(
                int(status), "  it did not run to its end")
            failed = 1
        print(f"  {stage:<12} {passed:6} passed {failed:4} failed {skipped:4} skipped{note}")
        totals = [total + number for total, number in zip(totals, (passed, failed, skipped))]
    print(f"{totals[0]} passed, {totals[1]} failed" + (f", {totals[2]} skipped" if totals[2] else ""))
    return totals[1] == 0


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1], sys.argv[2:]) else 1)
