"""Real nodes, one process each, on loopback: made, started, killed, stopped, and asked through `assent`."""

import concurrent.futures
import datetime
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import socket
import subprocess
import time

import ledger_format as lf
from build import BUILD, ROOT, SLOWNESS
from client import Client

ASSENT = BUILD / "client/assent"
ASSENT_NODE = BUILD / "node/assent-node"

# So long a test waits for what should take a moment; a loaded machine is slow.
PATIENCE_S = 60 * SLOWNESS
CODE = "1. States announce their launches.\n\n  2. They are free to join.\n"
CODES = ("FRA", "IND", "JPN", "USA")
LOOPBACK = "127.0.0.1"
NOWHERE = "127.0.0.1:1"  # nobody listens there


def wait_until(what, condition, seconds=PATIENCE_S):
    """Waits until `condition()` gives something true, and returns it."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        assert time.monotonic() < deadline, f"waited {seconds} s in vain: {what}"
        time.sleep(0.1)


_given = set()


def free_ports(count):
    """Ports that nobody listens on and that were never given before, below those that the kernel gives to outgoing
    connections: a node that is away finds its port free when it comes back. Tests that run at one time draw from ports
    of their own."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    picked = []
    while len(picked) < count:
        port = random.SystemRandom().randrange(12_000 + worker, 32_000, workers)
        if port in _given:
            continue
        with socket.socket() as attempt:
            try:
                attempt.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        picked.append(port)
    return picked


def run(*command, timeout=60, **options):
    """`timeout`: of the release build."""
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=timeout * SLOWNESS,
                          stdin=subprocess.DEVNULL, check=False, **options)


class CommandFailed(AssertionError):
    """A command's exit code was not the expected one."""


class Node:
    """One state's node: its folder, configuration and process. What `start` is not told is as these say."""

    host = LOOPBACK  # where it listens
    environment = None
    within = ()

    def __init__(self, cluster, state, peer_port, client_port, through=None):
        """`through`: the founder whose node the state's own commands ask, when it is no founder itself."""
        self.cluster = cluster
        self.through = through
        self.state = state
        self.code = state.code
        self.peer_port = peer_port
        self.client_port = client_port
        self.folder = cluster.folder / state.code
        self.config = self.folder / "node.toml"
        self.admin_socket = self.folder / "admin.sock"
        self.process = None
        self._clients = {}

    def write_files(self):
        self.folder.mkdir(mode=0o700)
        self._secret("authority.key", lf.sealed_key_file(self.state.keys["authority"], self.state.passphrase))
        self._secret("passphrase", self.state.passphrase + "\n")
        self._secret("node.seed", lf.plain_key_file("node", self.state.public("vote"), self.state.node_seed))
        reader = self.state.keys["reader"]
        self._secret("reader.key", lf.plain_key_file("reader", bytes(reader.verify_key), bytes(reader)))
        member = f'member = "{self.code}"\n' if self.through else ""
        asked = self.through or self
        self.config.write_text(
            f'{member}data_dir = "data"\nact = "{self.cluster.act}"\nseed_file = "node.seed"\n'
            f'peer.listen = "{self.host}:{self.peer_port}"\nclient.listen = "{self.host}:{self.client_port}"\n'
            f'admin.socket = "{self.admin_socket}"\n')
        (self.folder / "assent.toml").write_text(
            f'node = "{asked.host}:{asked.client_port}"\nact = "{self.cluster.act}"\nmember = "{asked.code}"\n'
            f'code = "{self.code}"\nauthority = "{self.folder}/authority.key"\n'
            f'passphrase_file = "{self.folder}/passphrase"\nreader = "{self.folder}/reader.key"\n')

    def _secret(self, name, text):
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text)

    def init(self, *flags):
        done = run(ASSENT_NODE, "init", "--config", self.config, *flags)
        assert done.returncode == 0, done.stderr

    def start(self, wait=True, files=None, environment=None, within=None):
        """`files`: soft and hard limit of the files and connections that it may have open; `within`: a command that
        becomes the one that it is given."""
        assert self.process is None
        lower = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, files)) if files else None
        with open(self.folder / "node.log", "ab") as log:
            self.process = subprocess.Popen([*(within or self.within), ASSENT_NODE, "run", "--config", self.config], stdout=log,
                                            stderr=log, stdin=subprocess.DEVNULL, preexec_fn=lower,
                                            env=environment or self.environment or self.cluster.environment)
        if wait:
            wait_until(f"the node of {self.code} serves", self.serves)

    def serves(self):
        assert self.process.poll() is None, f"the node of {self.code} ended: {self.log()[-2000:]}"
        return self.listens()

    def listens(self, port=None):
        try:
            socket.create_connection((self.host, port or self.client_port), timeout=5).close()
            return True
        except OSError:
            return False

    def kill(self):
        """As when the power goes."""
        self._end(signal.SIGKILL)

    def stop(self):
        """As its operator does. Returns the exit code and how long it took."""
        start = time.monotonic()
        code = self._end(signal.SIGTERM)
        return code, time.monotonic() - start

    def _end(self, number):
        self.process.send_signal(number)
        try:
            return self.ended()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def ended(self):
        """Waits until its process has ended. Returns the exit code."""
        code = self.process.wait(PATIENCE_S)
        for client in self._clients.values():
            client.close()  # a channel to a node that was away tries again only after a while
        self._clients = {}
        self.process = None
        if SLOWNESS > 1:
            # What reads the symbols for the sanitizer was forked from the node, and may have its sockets for a moment.
            wait_until(f"nobody listens for the node of {self.code}",
                       lambda: not any(self.listens(port) for port in (self.client_port, self.peer_port)))
        return code

    def wipe(self):
        shutil.rmtree(self.folder / "data")

    def running(self):
        return self.process is not None and self.process.poll() is None

    def log(self):
        return (self.folder / "node.log").read_text(errors="replace")

    def client(self, reader="own"):
        """A gRPC client in Python, until the node ends. `reader`: "own" shows the state's reader key, None nothing."""
        key = self.state.keys["reader"] if reader == "own" else reader
        if key not in self._clients:
            self._clients[key] = Client(self.client_port, self.state.public("transport"), key, self.host)
        return self._clients[key]

    def new_client(self):
        """One that belongs to the caller, and outlives the node's process."""
        return Client(self.client_port, self.state.public("transport"), self.state.keys["reader"], self.host)

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Cluster:
    """Some states with a node each, on a ledger of their own."""

    environment = None  # of nodes that have none of their own, and of the states' commands

    def __init__(self, folder, codes=CODES, states=None, running=None, code=CODE, founded=None, **act):
        """`states`: with keys of their own, instead of `codes`; `running`: the codes of those that have a node, all if
        left out; `founded`: when the act says it was, now if left out; `act`: parameters as of ledger_format.act_text."""
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.act = self.folder / "act.txt"
        self.states = states or [lf.State(code, f"State of {code}") for code in codes]
        with_node = [state for state in self.states if running is None or state.code in running]
        ports = free_ports(2 * len(with_node))
        self.nodes = {state.code: self.make_node(i, state, *ports[2 * i:2 * i + 2]) for i, state in enumerate(with_node)}
        endpoints = {state.code: NOWHERE for state in self.states}
        endpoints |= {code: self.endpoint(node) for code, node in self.nodes.items()}
        founded = founded or datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        text = lf.act_text("functional.example/assent", founded, self.states, endpoints, code, **act)
        act, self.ledger_id = lf.signed_act(text, self.states)
        self.act.write_text(act)
        for node in self:
            node.write_files()

    def make_node(self, _number, state, peer_port, client_port):
        return Node(self, state, peer_port, client_port)

    def endpoint(self, node):
        """Where the act says that the others find it."""
        return f"{node.host}:{node.peer_port}"

    def __iter__(self):
        return iter(self.nodes.values())

    def __getitem__(self, code):
        return self.nodes[code]

    def add(self, state, through):
        """A state that is no founder: its files, with a node that has nothing but the founding act."""
        node = Node(self, state, *free_ports(2), through=self[through])
        node.write_files()
        self.nodes[state.code] = node
        return node

    def start(self):
        for node in self:
            node.init("--new-seed")
            node.start(wait=False)
        for node in self:
            wait_until(f"the node of {node.code} serves", node.serves)
        return self

    def start_again_empty(self):
        """As on the first day: the same act, and nothing on the ledger."""
        self.close()
        for node in self:
            node.wipe()
        return self.start()

    def close(self):
        for node in self:
            if node.running():
                node.kill()

    def cli(self, code, *arguments, expect=0, timeout=180):
        """Runs `assent` for a state. Returns the process; its exit code must be the expected one, if any."""
        done = run(ASSENT, *arguments, "--config", self[code].folder / "assent.toml", timeout=timeout,
                   cwd=self[code].folder, env=self.environment)
        if expect is not None and done.returncode != expect:
            raise CommandFailed(f"assent {' '.join(map(str, arguments))}: exit code {done.returncode}, not {expect}\n"
                                f"{done.stdout}{done.stderr}")
        return done

    def json(self, code, *arguments, expect=0):
        return json.loads(self.cli(code, *arguments, "--json", expect=expect).stdout)

    def write(self, name, text):
        """A file that all states can read."""
        path = self.folder / name
        path.write_text(text)
        return path

    def filed(self, *answers):
        """The index of the newest entry that these answers of `assent --json` say was filed, once all nodes have it."""
        index = max(entry["index"] for answer in answers for entry in json.loads(answer)["entries"])
        for node in self:
            if node.running():
                wait_until(f"entry {index} on the node of {node.code}",
                           lambda client=node.client(): client.status().tree_size > index)
        return index

    def file(self, code, *arguments):
        """Runs a command that files entries. Returns the index of the last one, once all nodes have it."""
        return self.filed(self.cli(code, *arguments, "--json").stdout)

    def file_each(self, codes, *arguments):
        """These states run the same command, all at once."""
        with concurrent.futures.ThreadPoolExecutor(len(codes)) as pool:
            return self.filed(*pool.map(lambda code: self.cli(code, *arguments, "--json").stdout, codes))

    def outside(self, code, *arguments, reader=None, expect=0):
        """Runs `assent` for somebody who is no state and has that key file or none, against a founder's node."""
        shown = ("--reader", reader) if reader else ()
        done = run(ASSENT, *arguments, "--node", f"127.0.0.1:{self[code].client_port}", "--act", self.act, "--member",
                   code, *shown, cwd=self.folder, env=self.environment)
        assert done.returncode == expect, done.stdout + done.stderr
        return done

    def operator_status(self, code):
        return self.json(code, "status", "--admin", self[code].admin_socket)

    def wait_for_checkpoint(self, tree_size):
        """Waits until every node has a checkpoint of so many entries."""
        def signed():
            for node in self:
                done = run(ASSENT, "checkpoint", "--json", "--config", node.folder / "assent.toml")
                # None at all is no failure so far: a quorum signs when a second has passed.
                if done.returncode != 0:
                    assert "no checkpoint has been signed" in done.stderr, done.stderr
                    return False
                if json.loads(done.stdout)["tree_size"] != tree_size:
                    return False
            return True

        wait_until(f"a checkpoint of {tree_size} entries on every node", signed)

    def wait_for_agreement(self, codes=None, at_least=0, seconds=PATIENCE_S):
        """Waits until these nodes are at one height, with at least so many entries. Returns their common status."""
        nodes = [self[code] for code in codes or self.nodes]

        def agreed():
            statuses = [node.client().status() for node in nodes]
            heights = {status.height for status in statuses}
            if len(heights) > 1 or statuses[0].tree_size < at_least:
                return None
            whole = {(status.height, status.tree_size, status.root, status.state_digest) for status in statuses}
            assert len(whole) == 1, f"nodes disagree at one height: {whole}"
            return statuses[0]

        return wait_until("the nodes to be at one height", agreed, seconds)
