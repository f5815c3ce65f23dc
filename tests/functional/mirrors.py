"""Mirrors: nodes of nobody that copy a ledger from other nodes."""

import ledger_format as lf
from client import now_us
from cluster import Node, free_ports
from protos import entry as entry_pb
from protos import inspection

YEAR_US = 365 * 86_400_000_000


class Mirror(Node):
    """`sources` are nodes and mirrors, or lines of the configuration."""

    def __init__(self, cluster, name, sources):
        super().__init__(cluster, lf.State(name, name), None, *free_ports(1))
        self.sources = sources

    def write_files(self):
        self.folder.mkdir(mode=0o700)
        self._secret("node.seed", lf.plain_key_file("node", self.state.public("vote"), self.state.node_seed))
        sources = " ".join(source if isinstance(source, str) else name_of(source) for source in self.sources)
        self.config.write_text(
            f'data_dir = "data"\nact = "{self.cluster.act}"\nseed_file = "node.seed"\n'
            f'client.listen = "127.0.0.1:{self.client_port}"\nadmin.socket = "{self.admin_socket}"\n'
            f'mirror.sources = "{sources}"\n')

    def client(self, reader=None):
        return super().client(reader)


def name_of(source):
    key = f"={source.state.public('transport').hex()}" if isinstance(source, Mirror) else ""
    return f"{source.code}=127.0.0.1:{source.client_port}{key}"


def accreditation(mirror, **scope):
    """The body by which a member lets a mirror see all bodies."""
    return entry_pb.Body(
        visibility=entry_pb.PUBLIC, issued_at_us=now_us(),
        inspector_accreditation=inspection.InspectorAccreditation(
            public_key=mirror.state.public("transport"), name=f"mirror {mirror.code}", from_us=now_us() - 1_000_000,
            until_us=now_us() + YEAR_US, **(scope or {"all_bodies": True})))
