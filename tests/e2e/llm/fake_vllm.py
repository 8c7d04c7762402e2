"""An interpreter that seems to have vLLM, for what is hard to make a real one do."""

from __future__ import annotations

import sys
from pathlib import Path

SERVER = """
import json, os, signal, subprocess, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

how = os.environ["FAKE_VLLM"].split(",")
flags = sys.argv[1:]
print("flags", json.dumps(flags), flush=True)
told = ("VLLM_NO_USAGE_STATS", "VLLM_API_KEY")
print("told", json.dumps({name: os.environ.get(name) for name in told}), flush=True)
if "stubborn" in how:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
# A worker, as vLLM has them; it ends only when it is told to.
worker = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
subprocess.Popen([sys.executable, "-c", worker])
if "fails" in how:
    for number in range(100):
        print("line", number)
    raise SystemExit("RuntimeError: the engine could not start")
if "silent" in how:
    time.sleep(600)

class Health(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        if "ends" in how:
            self.wfile.flush()
            os._exit(3)
        if "deaf" in how:
            server.socket.close()

host, port = (flags[flags.index(f"--{name}") + 1] for name in ("host", "port"))
server = ThreadingHTTPServer((host, int(port)), Health)
try:
    server.serve_forever()
finally:
    time.sleep(600)
"""

TORCH = """
class cuda:
    is_available = staticmethod(lambda: False)
"""

HUB = """
def hf_hub_download(model, file):
    raise ConnectionError("We couldn't connect to 'https://huggingface.co'")
"""


def make_interpreter(folder: Path) -> Path:
    """A Python that finds a vLLM, which does what ``FAKE_VLLM`` says."""
    packages = folder / "packages"
    server = packages / "vllm" / "entrypoints" / "openai"
    server.mkdir(parents=True)
    for package in (server, server.parent, server.parent.parent):
        (package / "__init__.py").touch()
    (server / "api_server.py").write_text(SERVER)
    (packages / "torch.py").write_text(TORCH)
    (packages / "huggingface_hub.py").write_text(HUB)
    metadata = packages / "vllm-9.9.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: vllm\nVersion: 9.9\n")
    (metadata / "top_level.txt").write_text("vllm\n")
    (metadata / "RECORD").write_text("vllm/__init__.py,,\n")
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH={packages} exec {sys.executable} "$@"\n')
    python.chmod(0o755)
    return python
