"""A network between nodes that can be slow, deaf and broken: every connection of one node to another goes through
here. The act names the relay's ports; who dials is found out by the process that has the connection's other end."""

import asyncio
import collections
import os
import pathlib
import threading

from cluster import LOOPBACK, Cluster

CHUNK_BYTES = 64 * 1024
# What is under way on a slow connection, one direction: the sender waits for the rest.
UNDER_WAY_BYTES = 4 * 1024 * 1024
THREAD_S = 30


class Way:
    """From one node to another. What is blocked waits, as packets do that are sent again and again."""

    def __init__(self):
        self.blocked = False
        self.delay_s = 0.0


class Relay:
    """Runs in a thread of its own. The methods may be called by any other thread."""

    def __init__(self, nodes):
        """`nodes`: gives the nodes that may dial, when it is called."""
        self._nodes = nodes
        self._ways = collections.defaultdict(Way)
        self._connections = set()  # (from, to, writer, writer)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.carried = collections.Counter()  # bytes of each way
        self.strangers = 0

    def close(self):
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(THREAD_S)
        self._loop.close()

    def listen(self, code, port):
        """Opens the way to the node of that code, which listens on that port. Returns the relay's own port."""
        async def begin():
            return await asyncio.start_server(lambda *ends: self._carry(code, port, *ends), LOOPBACK, 0)

        return self._do(begin()).sockets[0].getsockname()[1]

    def block(self, senders, receivers):
        """Nothing arrives any more from these at those."""
        for way in self._between(senders, receivers):
            way.blocked = True

    def split(self, *sides):
        """Nothing passes between the sides, in either direction."""
        for side in sides:
            self.block(side, [code for other in sides if other is not side for code in other])

    def delay(self, seconds):
        codes = [node.code for node in self._nodes()]
        for way in self._between(codes, codes):
            way.delay_s = seconds

    def heal(self):
        async def all_ways():
            for way in self._ways.values():
                way.blocked, way.delay_s = False, 0.0

        self._do(all_ways())

    def break_some(self, choose, share):
        """Breaks that share of the connections, with all that is under way on them. Returns how many."""
        async def broken():
            unlucky = [ends for ends in self._connections if choose.random() < share]
            for _, _, *writers in unlucky:
                for writer in writers:
                    writer.transport.abort()
            return len(unlucky)

        return self._do(broken())

    def _between(self, senders, receivers):
        return [self._ways[sender, receiver] for sender in senders for receiver in receivers if sender != receiver]

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(THREAD_S)

    async def _end(self):
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _carry(self, receiver, port, dialler_in, dialler_out):
        ends = None
        try:
            sender = self._who(*(dialler_out.get_extra_info(end)[1] for end in ("sockname", "peername")))
            if sender is None:  # gone already
                self.strangers += 1
                return
            node_in, node_out = await asyncio.open_connection(LOOPBACK, port)
            ends = (sender, receiver, dialler_out, node_out)
            self._connections.add(ends)
            await asyncio.gather(self._copy(sender, receiver, dialler_in, node_out),
                                 self._copy(receiver, sender, node_in, dialler_out))
        except (OSError, asyncio.IncompleteReadError):
            pass  # the node is down, or the connection was broken
        finally:
            self._connections.discard(ends)
            for writer in ends[2:] if ends else (dialler_out,):
                writer.transport.abort()

    async def _copy(self, sender, receiver, source, target):
        """Carries one direction until it ends; then the connection ends."""
        way = self._ways[sender, receiver]
        under_way = asyncio.Queue(UNDER_WAY_BYTES // CHUNK_BYTES)

        async def deliver():
            while True:
                due, chunk = await under_way.get()
                while way.blocked or due > self._loop.time():
                    await asyncio.sleep(max(0.01, due - self._loop.time()))
                if not chunk:
                    raise ConnectionResetError
                target.write(chunk)
                self.carried[sender, receiver] += len(chunk)
                await target.drain()

        async def take():
            chunk = True
            while chunk:
                chunk = await source.read(CHUNK_BYTES)
                await under_way.put((self._loop.time() + way.delay_s, chunk))

        tasks = [asyncio.ensure_future(deliver()), asyncio.ensure_future(take())]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()

    def _who(self, own_port, port):
        """The code of the node whose process has this connection."""
        wanted = [f":{port:04X}", f":{own_port:04X}"]
        for table in ("tcp", "tcp6"):
            for line in pathlib.Path("/proc/net", table).read_text().splitlines()[1:]:
                fields = line.split()
                if [end[-5:] for end in fields[1:3]] != wanted:
                    continue
                for node in self._nodes():
                    if node.process and self._has(node.process.pid, f"socket:[{fields[9]}]"):
                        return node.code
        return None

    @staticmethod
    def _has(pid, link):
        folder = f"/proc/{pid}/fd"
        try:
            for name in os.listdir(folder):
                try:
                    if os.readlink(f"{folder}/{name}") == link:
                        return True
                except FileNotFoundError:
                    continue
        except FileNotFoundError:
            pass
        return False


class RelayedCluster(Cluster):
    """Its nodes reach each other through `relay`."""

    def __init__(self, *arguments, **options):
        self.relay = Relay(lambda: list(self.nodes.values()))
        super().__init__(*arguments, **options)

    def endpoint(self, node):
        return f"{LOOPBACK}:{self.relay.listen(node.code, node.peer_port)}"

    def close(self):
        super().close()
        self.relay.close()
