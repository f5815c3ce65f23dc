"""What the tests of whole nodes share. Each test says what happens as it goes: pytest -s shows the story."""

import os
import pathlib
import subprocess

import pytest

from cluster import ASSENT, ASSENT_NODE, Cluster


@pytest.fixture(scope="session", autouse=True)
def binaries():
    for path in (ASSENT, ASSENT_NODE):
        assert path.exists(), f"{path} is missing: build it first, or set ASSENT_BUILD"


def pytest_collection_modifyitems(items):
    """The file that takes longest begins first, so that the others end with it when several run at one time."""
    items.sort(key=lambda item: item.path.name != "test_rules.py")


@pytest.fixture
def new_cluster(tmp_path):
    """Makes clusters that end with the test."""
    made = []

    def make(kind=Cluster, before=None, **options):
        """`before`: what is done with the cluster once its files are written, before anything starts."""
        cluster = kind(tmp_path / f"ledger{len(made)}", **options)
        made.append(cluster)
        if before:
            before(cluster)
        return cluster.start()

    yield make
    for cluster in made:
        cluster.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One cluster for all tests of a file that leave it running."""
    cluster = Cluster(tmp_path_factory.mktemp("shared") / "ledger", heartbeat_s=40)
    yield cluster.start()
    cluster.close()


@pytest.fixture(scope="session")
def verifier(tmp_path_factory):
    """The Go program that checks what nodes hand out, built."""
    path = tmp_path_factory.mktemp("go") / "verifier"
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "",
                   "GOCACHE": os.environ.get("GOCACHE", str(path.parent / "cache"))}
    subprocess.run(["go", "build", "-o", path, "."], cwd=pathlib.Path(__file__).resolve().parent / "verifier",
                   env=environment, check=True)
    return path


@pytest.fixture
def say(capsys):
    """Prints a step of the story."""
    def write(text):
        with capsys.disabled():
            print(f"\n    {text}", end="", flush=True)

    return write
