"""A pack comes out again where there is nothing but the wheel and the archive."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_packages import NO_NETWORK, _environment, _install, _tree

if TYPE_CHECKING:
    from conftest import Run


@pytest.mark.long
def test_a_pack_is_verified_with_only_the_wheel_and_the_archive(
    run: Run, tmp_path: Path, ledger: Path
) -> None:
    pack = tmp_path / "made" / "audit-2026.zip"
    pack.parent.mkdir()
    made = run("pack", pack, "--as-of", "2026-11-20", "--since", "2025", "--until", "2030")
    assert made.code == 0, made.stderr

    dist = tmp_path / "dist"
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(dist)]
    tree = _tree(tmp_path / "tree")
    done = subprocess.run([*build, str(tree)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = dist.glob("*.whl")
    scripts = _environment(tmp_path / "venv", with_ours=False)
    installed = _install(scripts, "--retries", "1", str(wheel))
    offline = installed.returncode != 0 and NO_NETWORK.search(installed.stderr)
    if offline and not os.environ.get("CI"):
        pytest.skip("NOT RUN: what the wheel needs could not be fetched; is there a network?")
    assert installed.returncode == 0, installed.stderr

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    received = elsewhere / "received.zip"
    received.write_bytes(pack.read_bytes())
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COMPLIANCE"))}
    other = {"HOME": str(elsewhere), "XDG_DATA_HOME": str(elsewhere / "data"), "COLUMNS": "40"}
    other |= {"TZ": "Pacific/Kiritimati", "LANG": "sr_RS.UTF-8", "LC_ALL": "C"}

    def verify() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(scripts / "compliance"), "pack", "verify", received.name],
            cwd=elsewhere,
            env={**kept, **other},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    verified = verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "Every byte of 57 outputs came out again." in verified.stdout
    assert hashlib.sha256(pack.read_bytes()).hexdigest() in verified.stdout
    # The library that draws keeps its list of fonts in the user's own folders.
    left = {path.name for path in elsewhere.iterdir()} - {".cache", ".config"}
    assert left == {received.name}, "nothing is left behind"

    content = pack.read_bytes()
    with zipfile.ZipFile(pack) as archive:
        start = archive.getinfo("outputs/audit.txt").header_offset
    at = content.index(b"\n", start + 30 + len("outputs/audit.txt")) - 1
    received.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    spoilt = verify()
    assert spoilt.returncode == 4
    assert "outputs/audit.txt, line 1: was changed since it was packed" in spoilt.stdout
