"""Rules and alerts are sound, and the board and the documents speak of metrics that there are.

That a node exports what docs/metrics.md says is for tests/functional/test_metrics.py."""

import json
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
GRAFANA = ROOT / "deploy" / "grafana"
PAGE = ROOT / "docs" / "metrics.md"

METRIC = re.compile(r"\b(?:assent|process|exposer)_[a-z0-9_]+\b")
RECORDED = re.compile(r"\bassent:[a-z0-9_]+:[a-z0-9_]+\b")
# What a histogram and a summary give beside their own name.
PARTS = re.compile(r"_(?:bucket|sum|count)$")


def promtool(*arguments):
    program = shutil.which("promtool")
    assert program, "promtool is missing: deploy/install-dependencies installs it (Debian: prometheus)"
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def documented():
    return {name for name in re.findall(r"^\| `([a-z0-9_]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)}


def recorded():
    return set(re.findall(r"- record: (\S+)", (PROMETHEUS / "rules.yml").read_text(encoding="utf-8")))


def alerts():
    return re.findall(r"- alert: (\S+)", (PROMETHEUS / "alerts.yml").read_text(encoding="utf-8"))


def used(text):
    """The metrics, and the recorded series, that a text names."""
    return {PARTS.sub("", name) for name in METRIC.findall(text)}, set(RECORDED.findall(text))


def test_rules_are_sound():
    said = promtool("check", "rules", PROMETHEUS / "rules.yml", PROMETHEUS / "alerts.yml")
    assert f"SUCCESS: {len(alerts())} rules found" in said
    promtool("check", "config", PROMETHEUS / "prometheus.yml")


def test_rules_do_what_they_are_for():
    said = promtool("test", "rules", PROMETHEUS / "tests.yml")
    assert "SUCCESS" in said


def test_every_alert_is_made_to_fire_and_to_end():
    tests = (PROMETHEUS / "tests.yml").read_text(encoding="utf-8")
    for alert in alerts():
        assert re.search(rf"alertname: {alert}\n *eval_time: .*\n *exp_alerts:\n", tests), f"{alert} never fires"
        quiet = re.findall(rf"alertname: {alert}, eval_time: \S+, exp_alerts: \[\]", tests)
        assert len(quiet) >= 2, f"{alert}: before and after are not both tried"


def test_every_alert_fires_in_a_running_prometheus():
    tests = (ROOT / "tests" / "functional" / "test_alerts.py").read_text(encoding="utf-8")
    awaited = set()
    for call in re.findall(r"await_alert\((.*)\)$", tests, re.MULTILINE):
        awaited |= set(re.findall(r'"(Assent\w+)"', call))
    assert awaited == set(alerts())


def test_every_alert_and_no_other_is_documented():
    documents = re.findall(r"^\| `(Assent[A-Za-z]+)` \| (\w+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    rules = (PROMETHEUS / "alerts.yml").read_text(encoding="utf-8")
    named = re.findall(r"- alert: (\S+)\n(?:.*\n)*?        labels: \{severity: (\w+)\}", rules)
    assert sorted(documents) == sorted(named)


def test_every_recorded_series_is_tried_or_used():
    text = (PROMETHEUS / "alerts.yml").read_text() + (GRAFANA / "board.toml").read_text()
    assert recorded() == used(text)[1] & recorded()


@pytest.mark.parametrize("path", ["deploy/prometheus/rules.yml", "deploy/prometheus/alerts.yml",
                                  "deploy/prometheus/tests.yml", "deploy/grafana/board.toml",
                                  "deploy/grafana/assent.json"])
def test_metrics_that_are_named_are_documented(path):
    metrics, series = used((ROOT / path).read_text(encoding="utf-8"))
    assert metrics, f"{path} names no metric"
    assert metrics <= documented()
    assert series <= recorded()


def test_the_board_shows_every_metric_of_ours():
    shown, series = used((GRAFANA / "board.toml").read_text(encoding="utf-8"))
    for name, expression in re.findall(r"- record: (\S+)\n +expr: (.*)", (PROMETHEUS / "rules.yml").read_text()):
        if name in series:
            shown |= used(expression)[0]
    assert {name for name in documented() if name.startswith("assent_")} <= shown


def test_the_board_is_made_from_its_source():
    made = subprocess.run([GRAFANA / "make-board"], capture_output=True, text=True, timeout=60, check=True).stdout
    assert made == (GRAFANA / "assent.json").read_text(encoding="utf-8")


def test_the_board_can_be_imported():
    board = json.loads((GRAFANA / "assent.json").read_text(encoding="utf-8"))
    panels = board["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = set()
    for panel in panels:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        covered = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                   for y in range(place["y"], place["y"] + place["h"])}
        assert not covered & cells, f"{panel['title']} covers another panel"
        cells |= covered
        assert panel["type"] == "row" or all(target["expr"] for target in panel["targets"])
