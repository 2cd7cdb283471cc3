"""A real Chromium for tests: opens a page, tells what it asked for and what it complained of."""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Browser:
    """One Chromium; every page is opened from a file."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(
        self, path: Path, *, width: int, height: int, dark: bool = False, media: str = ""
    ) -> None:
        """Open a page on a screen, or as it is laid out for paper."""
        self._command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._command("Emulation.setEmulatedMedia", media=media, features=[scheme])
        self.driver.get_log("performance")
        self.driver.get_log("browser")
        self.driver.get(path.as_uri())

    def requests(self) -> list[str]:
        """Return the addresses asked for since the page was opened."""
        messages = [json.loads(e["message"])["message"] for e in self.driver.get_log("performance")]
        sent = [m for m in messages if m["method"] == "Network.requestWillBeSent"]
        return [message["params"]["request"]["url"] for message in sent]

    def complaints(self) -> list[str]:
        """Return what stands on the console."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def ask(self, script: str) -> Any:
        """Return what a script finds in the page."""
        return self.driver.execute_script(script)

    def pdf(self) -> bytes:
        """Return the page as it is printed."""
        made = self._command("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(made["data"])

    def _command(self, name: str, **arguments: Any) -> Any:
        return self.driver.execute_cdp_cmd(name, arguments)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium, started once; without it the tests are not run, and say so."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    steering = shutil.which("chromedriver")
    if program is None or steering is None:
        if os.environ.get("CI"):
            pytest.fail("chromium and chromedriver are not installed; they must open our report")
        pytest.skip("NOT RUN: no chromium with chromedriver is installed; no browser has opened it")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in (*_FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(steering))
    driver.set_script_timeout(600)
    try:
        yield Browser(driver)
    finally:
        driver.quit()
