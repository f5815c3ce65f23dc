"""The sample data agrees with itself: what the declarations count is what the launches are."""

import collections
import csv
import pathlib
import tomllib

import pytest

SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "sample"
DECLARATIONS = sorted((SAMPLE / "annual-declarations").glob("*.toml"))


def read_csv(name):
    with open(SAMPLE / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_sample_is_large_enough():
    launches = read_csv("launches.csv")
    assert len(launches) >= 48
    assert len({launch["state"] for launch in launches}) == 4
    assert len(DECLARATIONS) == 8


def test_history_is_whole_and_has_the_selection():
    history = read_csv("history.csv")
    assert len(history) == 1466
    assert len({launch["state"] for launch in history}) == 11
    assert all(launch in history for launch in read_csv("launches.csv"))


def test_every_vehicle_has_a_class():
    classes = {row["vehicle"] for row in read_csv("classes.csv")}
    assert {launch["vehicle"] for launch in read_csv("launches.csv")} == classes


@pytest.mark.parametrize("path", DECLARATIONS, ids=lambda path: path.stem)
def test_declared_counts_are_the_launches(path):
    state, year = path.stem.split("-")
    declaration = tomllib.loads(path.read_text(encoding="utf-8"))
    classes = {row["vehicle"]: row["class_id"] for row in read_csv("classes.csv")}
    launched = collections.Counter(
        classes[launch["vehicle"]]
        for launch in read_csv("launches.csv")
        if launch["state"] == state and launch["launch_time_utc"].startswith(year)
    )
    assert declaration["year"] == int(year)
    declared = {item["class_id"]: item["count"] for item in declaration["space_launch"]["launches"]}
    assert declared == launched
