"""A model hub on this machine: the requests that huggingface_hub makes of one, answered from a folder."""

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REPOSITORY = "owner/name"


class SmallHub(ThreadingHTTPServer):
    """Serves `folder` as owner/name at one commit. `asked`: every path that was asked for.

    `refusal`: (status, the hub's own error code), given to every request instead of an answer.
    `swapped`: files served with other bytes than were listed. `listed`: more files, said to be there.
    """

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.folder = folder
        self.asked: list[str] = []
        self.refusal: tuple[int, str] | None = None
        self.swapped: dict[str, bytes] = {}
        self.listed: list[str] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def files(self) -> list[dict[str, object]]:
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        found = [self._entry(path.relative_to(self.folder).as_posix(), path.read_bytes()) for path in paths]
        return found + [self._entry(path, b"") for path in self.listed]

    def _entry(self, path: str, content: bytes) -> dict[str, object]:
        entry = {"type": "file", "path": path, "rfilename": path, "size": len(content), "oid": "1" * 40}
        if path.endswith(".safetensors"):
            sha256 = hashlib.sha256(content).hexdigest()
            large = {"sha256": sha256, "oid": sha256, "size": len(content), "pointerSize": 100}
            entry["lfs"] = large
        return entry


class _Answer(BaseHTTPRequestHandler):
    server: SmallHub

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        self.server.asked.append(path)
        if self.server.refusal:
            status, code = self.server.refusal
            return self._send(status, b"{}", {"X-Error-Code": code} if code else {})
        if path.startswith(f"/api/models/{REPOSITORY}/tree/"):
            return self._send(200, json.dumps(self.server.files()).encode())
        if path in (f"/api/models/{REPOSITORY}", f"/api/models/{REPOSITORY}/revision/main"):
            info = {"id": REPOSITORY, "sha": COMMIT, "siblings": self.server.files()}
            return self._send(200, json.dumps(info).encode())
        return self._send_file(path.removeprefix(f"/{REPOSITORY}/resolve/{COMMIT}/"))

    def _send_file(self, path: str) -> None:
        file = self.server.folder / path
        if path.startswith("/") or not file.is_file():
            return self._send(404, b"{}", {"X-Error-Code": "EntryNotFound"})
        content = self.server.swapped.get(path, file.read_bytes())
        etag = hashlib.sha256(file.read_bytes()).hexdigest()
        return self._send(200, content, {"ETag": f'"{etag}"', "X-Repo-Commit": COMMIT})

    def _send(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Nothing: the tests look at `asked`."""
