"""A real Prometheus (Debian's) that scrapes the nodes of a test, with the rules that are shipped, made quicker."""

import http.client
import json
import re
import shutil
import subprocess
import urllib.parse

from cluster import PATIENCE_S, ROOT, free_ports, wait_until

RULES = ROOT / "deploy" / "prometheus"
INTERVAL_S = 1
# In the tests' copy of the rules: so long an alert is pending, so far rates look back, and so many views in a row are too
# many, since each that fails takes longer than the one before.
FOR_S = 2
LOOK_BACK_S = 10
VIEWS = 4


def program(name):
    path = shutil.which(name)
    assert path, f"{name} is missing: deploy/install-dependencies installs it (Debian: prometheus)"
    return path


def get(port, path="/metrics", host="127.0.0.1"):
    """Status and body of an answer."""
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def with_metrics(cluster):
    """Says in each node's configuration where its metrics are. Returns the ports, by code."""
    ports = dict(zip(cluster.nodes, free_ports(len(cluster.nodes))))
    for code, port in ports.items():
        with open(cluster[code].config, "a", encoding="utf-8") as file:
            file.write(f'metrics.listen = "127.0.0.1:{port}"\n')
    return ports


class Prometheus:
    """Scrapes the metrics at these ports, given by the codes of the nodes."""

    def __init__(self, folder, ports):
        folder.mkdir()
        self.codes = {f"127.0.0.1:{port}": code for code, port in ports.items()}
        self.log = folder / "prometheus.log"
        (self.port,) = free_ports(1)
        for name in ("rules.yml", "alerts.yml"):
            text = (RULES / name).read_text(encoding="utf-8")
            text = re.sub(r"\bfor: \d+[sm]$", f"for: {FOR_S}s", text, flags=re.MULTILINE)
            text = re.sub(r"\[\d+[mh]\]", f"[{LOOK_BACK_S}s]", text)
            text = re.sub(r"\b(assent_views_without_finality >) \d+", rf"\1 {VIEWS}", text)
            (folder / name).write_text(text, encoding="utf-8")
        text = (RULES / "prometheus.yml").read_text(encoding="utf-8")
        for old, new in ((r"(scrape|evaluation)_interval: \w+", rf"\1_interval: {INTERVAL_S}s"),
                         (r"scrape_timeout: \w+", f"scrape_timeout: {INTERVAL_S}s"),
                         (r"targets: \[.*\]", f"targets: {json.dumps(list(self.codes))}")):
            assert re.search(old, text)
            text = re.sub(old, new, text)
        config = folder / "prometheus.yml"
        config.write_text(text, encoding="utf-8")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [program("prometheus"), f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}",
                 f"--web.listen-address=127.0.0.1:{self.port}"], stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _ask(self, path):
        """Waits until it answers."""
        def answered():
            assert self.process.poll() is None, self.log.read_text(errors="replace")[-2000:]
            try:
                status, body = get(self.port, path)
            except OSError:
                return None
            return json.loads(body)["data"] if status == 200 else None

        return wait_until(f"Prometheus to answer {path}", answered)

    def query(self, expression):
        """The samples of an expression: the code of the node, and the number."""
        data = self._ask("/api/v1/query?query=" + urllib.parse.quote(expression))
        return [(self.codes.get(item["metric"].get("instance")), float(item["value"][1])) for item in data["result"]]

    def firing(self):
        """(alert, code of the node, code of the peer or nothing) of each alert that fires."""
        return {(alert["labels"]["alertname"], self.codes.get(alert["labels"].get("instance")),
                 alert["labels"].get("peer", "")) for alert in self._ask("/api/v1/alerts")["alerts"]
                if alert["state"] == "firing"}

    def await_alert(self, *wanted, seconds=PATIENCE_S):
        """Waits until all of these fire."""
        wait_until(f"{wanted} to fire", lambda: set(wanted) <= self.firing(), seconds)

    def await_sample(self, expression, *sample):
        """Waits until this is among the samples of an expression."""
        wait_until(f"{expression} of {sample}", lambda: sample in self.query(expression))

    def await_quiet(self):
        """Waits until all nodes are seen, and no alert fires."""
        self.await_sample("count(up == 1)", None, len(self.codes))
        try:
            wait_until("no alert to fire", lambda: not self.firing(), seconds=2 * PATIENCE_S)
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.firing()}") from None
