"""The messages of proto/, compiled by protoc when the tests start: what a client of another language has to work with."""

import atexit
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def _compile():
    folder = tempfile.mkdtemp(prefix="assent-protos.")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    files = sorted(str(path) for path in (ROOT / "proto/assent/v1").glob("*.proto"))
    subprocess.run(["protoc", f"-I{ROOT / 'proto'}", f"--python_out={folder}", f"--grpc_python_out={folder}",
                    "--plugin=protoc-gen-grpc_python=/usr/bin/grpc_python_plugin", *files], check=True)
    sys.path.insert(0, folder)


# gRPC's fork handlers are of no use here, where only other programs are started.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "false")
_compile()

from assent.v1 import block_pb2 as block  # noqa: E402, F401
from assent.v1 import cooperation_pb2 as cooperation  # noqa: E402, F401
from assent.v1 import entry_pb2 as entry  # noqa: E402, F401
from assent.v1 import inspection_pb2 as inspection  # noqa: E402, F401
from assent.v1 import ledger_pb2 as ledger  # noqa: E402, F401
from assent.v1 import ledger_pb2_grpc as ledger_grpc  # noqa: E402, F401
from assent.v1 import membership_pb2 as membership  # noqa: E402, F401
from assent.v1 import page_pb2 as page  # noqa: E402, F401
from assent.v1 import peer_pb2 as peer  # noqa: E402, F401
from assent.v1 import peer_pb2_grpc as peer_grpc  # noqa: E402, F401
from assent.v1 import questions_pb2 as questions  # noqa: E402, F401
from assent.v1 import record_pb2 as record  # noqa: E402, F401
from assent.v1 import refusal_pb2 as refusal  # noqa: E402, F401
from assent.v1 import revision_pb2 as revision  # noqa: E402, F401
