"""A headless Chromium for the tests of the html page, by the DevTools protocol; without network,
with a profile of its own."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

CHROMIUM = next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ),
    None,
)
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-port=0",
]


class Browser:
    """One page. `with Browser() as page: page.open(path); page.value("document.title")`."""

    def __enter__(self) -> Browser:
        self.profile = tempfile.mkdtemp(prefix="chromium-")
        self.process = subprocess.Popen(
            [CHROMIUM, *OPTIONS, f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        port_file, end = Path(self.profile) / "DevToolsActivePort", time.monotonic() + 60
        while not (port_file.is_file() and port_file.read_text().strip()):
            if time.monotonic() > end or self.process.poll() is not None:
                self.__exit__()
                raise RuntimeError("Chromium did not start")
            time.sleep(0.1)
        port = port_file.read_text().split()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
            address = next(
                each["webSocketDebuggerUrl"] for each in json.load(answer) if each["type"] == "page"
            )
        self.loop = asyncio.new_event_loop()
        self.number = 0
        self.socket = self.loop.run_until_complete(self._connect(address))
        for domain in ("Page", "Runtime", "Network"):
            self.call(f"{domain}.enable")
        return self

    def __exit__(self, *_: Any) -> None:
        if hasattr(self, "socket"):
            self.socket.close()
            self.loop.close()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    async def _connect(self, address: str) -> Any:
        from tornado.websocket import websocket_connect

        return await websocket_connect(address, max_message_size=2**28)

    async def _send(self, text: str) -> None:
        await self.socket.write_message(text)

    async def _answer(self, number: int) -> dict:
        while True:
            message = json.loads(await asyncio.wait_for(self.socket.read_message(), 60))
            if message.get("id") == number:
                return message
            self.events.append(message)

    events: list[dict] = []

    def call(self, method: str, **parameters: Any) -> dict:
        self.number += 1
        self.loop.run_until_complete(
            self._send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        )
        message = self.loop.run_until_complete(self._answer(self.number))
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']['message']}")
        return message["result"]

    def open(self, path: Path, width: int = 1366, height: int = 900) -> None:
        self.events = []
        self.size(width, height)
        self.call("Page.navigate", url=path.resolve().as_uri())
        end = time.monotonic() + 60
        while not self.value(
            "document.readyState === 'complete' && location.href !== 'about:blank'"
        ):
            if time.monotonic() > end:
                raise RuntimeError(f"{path} did not load")
            time.sleep(0.05)

    def size(self, width: int, height: int = 900, media: str = "") -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.call("Emulation.setEmulatedMedia", media=media)

    def value(self, expression: str) -> Any:
        result = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in result:
            raise RuntimeError(
                result["exceptionDetails"].get("exception", {}).get("description")
                or result["exceptionDetails"]["text"]
            )
        return result["result"].get("value")

    def requests(self) -> list[str]:
        """Addresses that the page asked for since it was opened."""
        return [
            event["params"]["request"]["url"]
            for event in self.events
            if event["method"] == "Network.requestWillBeSent"
        ]

    def faults(self) -> list[str]:
        """Uncaught errors of the page's scripts since it was opened."""
        return [
            str(event["params"]["exceptionDetails"].get("exception", {}).get("description"))
            for event in self.events
            if event["method"] == "Runtime.exceptionThrown"
        ]

    def picture(self, path: Path, whole: bool = True) -> Path:
        path.write_bytes(
            base64.b64decode(
                self.call("Page.captureScreenshot", captureBeyondViewport=whole, format="png")[
                    "data"
                ]
            )
        )
        return path
