"""The web server on a socket that its parent has bound: `python -m webapp.machine.web FD`.

The parent keeps the socket, so a browser that asks while the server starts again waits instead of being
refused.
"""

import socket
import sys

import uvicorn

from .connection import PatientConnection

CONCURRENCY = 500  # connections; more are told to come again


def config() -> uvicorn.Config:
    return uvicorn.Config(
        "webapp.asgi:application",
        http=PatientConnection,
        ws="none",
        limit_concurrency=CONCURRENCY,
        lifespan="off",
        log_config=None,
        access_log=False,  # Addresses hold the tokens of sign-in and guest links.
        server_header=False,
        proxy_headers=False,  # It would believe every caller on this machine; HANDBILL_PROXIES decides.
        timeout_graceful_shutdown=3,
    )


def main(descriptor: int) -> None:
    uvicorn.Server(config()).run(sockets=[socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    main(int(sys.argv[1]))
