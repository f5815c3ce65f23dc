"""A browser, as far as tests of the page need one."""

import html.parser
import http.client
import json
import socket

from cluster import PATIENCE_S, free_ports, wait_until

JSON = {"Accept": "application/json"}


class Answer:
    def __init__(self, response, body):
        self.status, self.headers, self.body = response.status, response.headers, body
        self.text = body.decode(errors="replace")


def ask(port, path, method="GET", headers=None, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        response = connection.getresponse()
        return Answer(response, response.read())
    finally:
        connection.close()


def raw(port, request):
    """Sends bytes; returns the status line of what comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as connection:
        connection.sendall(request)
        return connection.makefile("rb").readline().decode()


class Page(html.parser.HTMLParser):
    """What matters of a document: its tags, with their attributes, and where it leads."""

    VOID = {"meta", "link", "br", "img", "input"}

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.ids = [], [], []
        self.feed(text)
        self.close()
        assert self.open == [], f"not closed: {self.open}"
        assert len(set(self.ids)) == len(self.ids), "an id stands twice"

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def links(self):
        return {attrs["href"].split("#")[0] for tag, attrs in self.tags if tag == "a" and attrs["href"][0] == "/"}


class Events:
    """An open stream of events."""

    def __init__(self, port, path="/events", headers=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        self.connection.request("GET", path, headers=headers or {})
        self.response = self.connection.getresponse()
        self.status = self.response.status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.response.close()
        self.connection.close()

    def next(self):
        """Name, id and data of the next event."""
        fields = {}
        while True:
            line = self.response.readline().decode()
            assert line, "the stream has ended"
            if line == "\n" and "data" in fields:
                return fields["event"], fields.get("id"), json.loads(fields["data"])
            name, _, value = line.rstrip("\n").partition(": ")
            fields[name] = value

    def entries(self, count):
        """The ids of the next so many entries."""
        found = []
        while len(found) < count:
            name, index, data = self.next()
            if name == "entry":
                assert data["entry"]["index"] == index
                found.append(int(index))
        return found


def watch(port, path="/events", headers=None):
    """An open stream of events that has a place: those that have just gone may still have theirs for a while."""
    def place():
        events = Events(port, path, headers)
        if events.status == 200:
            return events
        events.close()
        return None

    return wait_until("a watcher's place", place)


def with_page(cluster):
    ports = dict(zip(cluster.nodes, free_ports(len(cluster.nodes))))
    for code, port in ports.items():
        with open(cluster[code].config, "a", encoding="utf-8") as file:
            file.write(f'page.listen = "127.0.0.1:{port}"\n')
    return ports
