"""What deploy/ has for packages and containers holds together: each path and flag that is named there exists."""

import json
import os
import pathlib
import re
import subprocess

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ASSENT_BUILD", ROOT / "build/release"))
DEPLOY = ROOT / "deploy"
DOCKER = DEPLOY / "docker"
INSTRUCTIONS = {"FROM", "RUN", "COPY", "WORKDIR", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "ENTRYPOINT", "CMD"}
UNIT = DEPLOY / "systemd/assent-node.service.in"


def read(path):
    return path.read_text(encoding="utf-8")


def program(name):
    path = BUILD / {"assent": "client/assent", "assent-node": "node/assent-node"}[name]
    assert path.exists(), f"{path} is missing: build it first, or set ASSENT_BUILD"
    return path


def check_command(words):
    """A command line of assent-node: the command and its flags exist."""
    command, flags = words[0], [word for word in words[1:] if word.startswith("--")]
    help_text = subprocess.run([program("assent-node"), command, "--help"], capture_output=True, text=True, timeout=60,
                               check=True).stdout
    for flag in flags:
        assert re.search(rf"{flag}\b", help_text), f"assent-node {command} has no {flag}"


def instructions():
    """The Dockerfile's, each with the lines that continue it."""
    text = re.sub(r"^#.*\n", "", read(DOCKER / "Dockerfile"), flags=re.MULTILINE).replace("\\\n", " ")
    return [tuple(line.split(None, 1)) for line in text.splitlines() if line.strip()]


def of(name):
    return [rest for instruction, rest in instructions() if instruction == name]


def version():
    return re.search(r"^project\(assent VERSION (\S+)", read(ROOT / "CMakeLists.txt"), re.MULTILINE)[1]


def test_dockerfile():
    assert {name for name, _ in instructions()} <= INSTRUCTIONS
    assert instructions()[0][0] == "FROM" and len(of("FROM")) == 2
    shell = " ".join(of("RUN"))
    for path in re.findall(r"\b(?:deploy|cmake|build)/[\w./-]+", shell):
        assert path.startswith("build/") or (ROOT / path).exists(), path
    listed = subprocess.run([DEPLOY / "install-dependencies", "--packages", "--list"], capture_output=True, text=True,
                            timeout=60, check=True).stdout
    assert listed.startswith("build: ") and "clang" not in listed
    presets = json.loads(read(ROOT / "CMakePresets.json"))["configurePresets"]
    for preset in re.findall(r"--preset (\S+)", shell):
        assert preset in {one["name"] for one in presets}
    for folder in re.findall(r"from=(\w+)", shell):
        assert any(stage.endswith(f" AS {folder}") for stage in of("FROM"))
    assert json.loads(of("ENTRYPOINT")[0]) == ["assent-node"]
    check_command(json.loads(of("CMD")[0]))
    ports = set(re.findall(r'^(?:peer|client)\.listen = ".*:(\d+)"', read(DEPLOY / "node.toml"), re.MULTILINE))
    assert set(of("EXPOSE")[0].split()) == ports
    assert of("VOLUME") == re.findall(r'^data_dir = "(.*)"', read(DEPLOY / "node.toml"), re.MULTILINE)


def test_compose():
    compose = yaml.safe_load(read(DOCKER / "compose.yaml"))
    assert set(compose) == {"x-node", "services", "volumes"}
    services = compose["services"]
    assert len(services) == 4 and set(services) == set(compose["volumes"])
    uid = re.search(r"useradd .*--uid (\d+)", " ".join(of("RUN")))[1]
    config = read(DEPLOY / "node.toml")
    places = []
    for name, service in services.items():
        assert service["image"] == "assent" and service["read_only"] and service["cap_drop"] == ["ALL"]
        assert [volume.split(":") for volume in service["volumes"]] == [
            [f"./ledger/{name}", "/etc/assent", "ro"], [name, "/var/lib/assent"]]
        assert f"/run/assent:uid={uid},gid={uid},mode=0700" in service["tmpfs"]
        assert 'admin.socket = "/run/assent/' in config
        assert service["ulimits"]["nofile"] >= 4096
        assert service["healthcheck"]["test"][:2] == ["CMD", "assent-node"]
        check_command(service["healthcheck"]["test"][2:])
        places += service["ports"]
        build = service.get("build")
        if build:
            context = (DOCKER / build["context"]).resolve()
            assert context == ROOT and (context / build["dockerfile"]).exists()
    assert len(set(places)) == 4 and all(place.startswith("127.0.0.1:") for place in places)


def test_what_the_nodes_of_compose_need_is_made(tmp_path):
    folder = tmp_path / "ledger"
    made = subprocess.run([DOCKER / "found", folder, "--owner", str(os.getuid())], capture_output=True, text=True,
                          timeout=120, check=False, env={**os.environ, "ASSENT": str(program("assent"))})
    assert made.returncode == 0, made.stdout + made.stderr
    act = read(folder / "act.txt")
    for service in yaml.safe_load(read(DOCKER / "compose.yaml"))["services"].values():
        mounted = DOCKER / service["volumes"][0].split(":")[0]
        node = folder / mounted.name
        assert read(node / "act.txt") == act and (node / "node.seed").stat().st_mode & 0o077 == 0
        config = tmp_path / f"{mounted.name}.toml"
        config.write_text(read(node / "node.toml").replace("/etc/assent", str(node))
                          .replace("/var/lib/assent", str(tmp_path / mounted.name))
                          .replace("/run/assent/", f"{tmp_path}/")
                          .replace('"0.0.0.0:7401"', '"127.0.0.1:0"').replace('"0.0.0.0:7402"', '"127.0.0.1:0"'))
        for command in (["init", "--new-seed"], ["check", "--no-peers"]):
            done = subprocess.run([program("assent-node"), *command, "--config", config], capture_output=True,
                                  text=True, timeout=60, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
        client = read(folder / "clients" / mounted.name / "assent.toml")
        assert service["ports"][0].rsplit(":", 1)[0] in client


def test_the_unit():
    text = read(UNIT)
    command = re.search(r"^ExecStart=@CMAKE_INSTALL_PREFIX@/bin/assent-node (.*)$", text, re.MULTILINE)[1].split()
    check_command(command)
    assert command[-1] in read(DEPLOY / "debian/conffiles").split()
    settings = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    config = read(DEPLOY / "node.toml")
    assert f'data_dir = "/var/lib/{settings["StateDirectory"]}"' in config
    assert f'admin.socket = "/run/{settings["RuntimeDirectory"]}/' in config
    assert settings["Type"] == "notify" and "WatchdogSec" in settings
    assert settings["CapabilityBoundingSet"] == "" and settings["UMask"] == "0077"
    for hardening in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "MemoryDenyWriteExecute"):
        assert settings[hardening] == "yes"


def test_the_changelog_is_of_this_version():
    newest = re.match(r"assent \(([^)]+)-\d+\) ", read(DEPLOY / "debian/changelog"))
    assert newest and newest[1] == version()


@pytest.mark.parametrize("script", ["postinst", "prerm", "postrm"])
def test_maintainer_scripts(script):
    path = DEPLOY / "debian" / script
    assert os.access(path, os.X_OK) and read(path).startswith("#!/bin/sh\n")
    assert "\nset -e\n" in read(path)
    done = subprocess.run(["sh", "-n", path], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
