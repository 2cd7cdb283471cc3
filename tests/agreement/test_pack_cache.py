"""What is kept of a pack between two runs is a copy: it saves time, and never changes an answer."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_pack import small_pack, write_pack

from compliance import resources
from compliance.agreement import load as loading
from compliance.agreement.cache import Cache
from compliance.agreement.law import Agreement
from compliance.agreement.load import check, load
from compliance.equipment.load import load as load_catalogue
from compliance.values.dates import DateSpan
from compliance.values.errors import InvalidInput
from compliance.values.plain import Later, Plain
from compliance.values.span import Span


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache", tmp_path / "home" / "cache.key", "this code")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "testing", small_pack())


def copies(cache: Cache) -> list[Path]:
    return sorted(cache.folder.iterdir()) if cache.folder.is_dir() else []


def sign(cache: Cache, body: bytes) -> bytes:
    secret = cache.secret.read_bytes()
    return hashlib.blake2b(body, key=secret, digest_size=32).hexdigest().encode() + b"\n" + body


def falsified(cache: Cache, change: Callable[[dict[str, Any]], None]) -> bytes:
    """Return the one copy there is, changed and signed anew: by who knows the secret."""
    (copy,) = copies(cache)
    kept = json.loads(copy.read_bytes().partition(b"\n")[2])
    change(kept)
    return sign(cache, json.dumps(kept).encode())


def retitled(kept: dict[str, Any]) -> None:
    assert kept["value"][3] == small_pack()["agreement.toml"]["title"]
    kept["value"][3] = "a false title"


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From the call on, reading the files of a pack fails the test."""

    def never(*_: object) -> None:
        pytest.fail("the files were read again")

    return lambda: monkeypatch.setattr(loading, "_law", never)


def test_an_unchanged_pack_is_read_once(
    cache: Cache, pack: Path, unread: Callable[[], None]
) -> None:
    first = load(pack, cache=cache)
    unread()
    assert load(pack, cache=cache) == first


def test_the_shipped_law_and_catalogue_can_be_kept(
    cache: Cache, unread: Callable[[], None]
) -> None:
    law = resources.folder("rules") / "florence-1996"
    catalogue = resources.folder("data") / "catalogue"
    for _ in range(2):
        assert load(law, cache=cache) == load(law)
        assert vars(load_catalogue(catalogue, cache=cache)) == vars(load_catalogue(catalogue))
    assert len(copies(cache)) == 2
    unread()
    load(law, cache=cache)


def test_every_file_of_the_pack_counts(cache: Cache, tmp_path: Path, pack: Path) -> None:
    names = sorted(path.name for path in pack.glob("*.toml"))
    assert len(names) > 5
    for name in names:
        load(pack, cache=cache)
        broken = write_pack(tmp_path / "testing", small_pack())
        (broken / name).write_text((broken / name).read_text() + "\n[[not]]\nknown = 1\n")
        with pytest.raises(InvalidInput):
            load(pack, cache=cache)
        write_pack(tmp_path / "testing", small_pack())


def test_a_file_or_folder_more_or_less_counts(cache: Cache, pack: Path) -> None:
    load(pack, cache=cache)
    (pack / "more.toml").write_text("")
    assert _problems(pack, cache) == _problems(pack, None) != []
    (pack / "more.toml").unlink()
    load(pack, cache=cache)
    (pack / "obligations.toml").rename(pack / "duties.toml")
    assert _problems(pack, cache) == _problems(pack, None) != []
    (pack / "duties.toml").rename(pack / "obligations.toml")
    (pack / "more").mkdir()
    (pack / "more" / "parties.toml").write_text("")
    assert _problems(pack, cache) == _problems(pack, None) != []


def _problems(pack: Path, cache: Cache | None) -> list[str]:
    try:
        load(pack, cache=cache)
    except InvalidInput as error:
        return [problem.line() for problem in error.problems]
    return []


def test_a_changed_value_is_seen_at_once(cache: Cache, tmp_path: Path, pack: Path) -> None:
    load(pack, cache=cache)
    changed = small_pack()
    changed["agreement.toml"]["title"] = "Another title"
    write_pack(tmp_path / "testing", changed)
    assert load(pack, cache=cache).title == "Another title"


def test_a_changed_base_is_seen_at_once(cache: Cache, tmp_path: Path, pack: Path) -> None:
    top = {"agreement.toml": {"id": "better", "extends": "testing", "version": "2.0.0"}}
    better = write_pack(tmp_path / "better", top)
    other = write_pack(tmp_path / "other", small_pack())

    def find(base: Path) -> Callable[[str], Path]:
        return lambda name: base

    first = load(better, find=find(pack), cache=cache)
    assert load(better, find=find(pack), cache=cache) == first
    with pytest.raises(InvalidInput):
        load(better, cache=cache)  # nothing to look the base up with
    changed = small_pack()
    changed["parties.toml"]["party"][0]["note"] = "A note that the base did not have."
    write_pack(other, changed)
    moved = load(better, find=find(other), cache=cache)
    assert moved == load(better, find=find(other)) != first
    write_pack(pack, changed)
    assert load(better, find=find(pack), cache=cache) == moved


def test_other_code_reads_the_files_itself(cache: Cache, pack: Path) -> None:
    load(pack, cache=cache)
    copies(cache)[0].write_bytes(falsified(cache, retitled))
    assert load(pack, cache=cache).title == "a false title"  # else this test would prove nothing
    later = Cache(cache.folder, cache.secret, "other code")
    assert load(pack, cache=later) == load(pack)


def test_a_check_reads_the_files_whatever_is_kept(cache: Cache, pack: Path) -> None:
    load(pack, cache=cache)
    copies(cache)[0].write_bytes(falsified(cache, retitled))
    checked = check(pack).agreement
    assert checked is not None
    assert checked.title == small_pack()["agreement.toml"]["title"]


def test_a_pack_with_errors_is_never_kept(cache: Cache, tmp_path: Path) -> None:
    bad = small_pack()
    bad["agreement.toml"]["titel"] = "x"
    folder = write_pack(tmp_path / "bad", bad)
    for _ in range(2):
        with pytest.raises(InvalidInput):
            load(folder, cache=cache)
    assert copies(cache) == []


def _another_secret(cache: Cache, copy: Path) -> None:
    false = falsified(cache, retitled)
    body = false.partition(b"\n")[2]
    signed = hashlib.blake2b(body, key=b"\0" * 32, digest_size=32).hexdigest().encode()
    copy.write_bytes(signed + b"\n" + body)


def _unsigned(cache: Cache, copy: Path) -> None:
    copy.write_bytes(falsified(cache, retitled).partition(b"\n")[2])


def _old_signature(cache: Cache, copy: Path) -> None:
    signature = copy.read_bytes().partition(b"\n")[0]
    copy.write_bytes(signature + b"\n" + falsified(cache, retitled).partition(b"\n")[2])


def _of_other_content(cache: Cache, copy: Path) -> None:
    def change(kept: dict[str, Any]) -> None:
        retitled(kept)
        kept["content"] = "0" * 64

    copy.write_bytes(falsified(cache, change))


def _of_another_pack(cache: Cache, copy: Path) -> None:
    other = small_pack()
    other["agreement.toml"]["title"] = "Another title"
    folder = write_pack(copy.parents[1] / "other", other)
    aside = Cache(copy.parents[1] / "aside", cache.secret, cache.made_by)
    load(folder, cache=aside)
    shutil.copy(copies(aside)[0], copy)


def _no_form(value: Any) -> Callable[[Cache, Path], None]:
    def plant(cache: Cache, copy: Path) -> None:
        copy.write_bytes(falsified(cache, lambda kept: kept.update(value=value)))

    return plant


def _signed_rubbish(cache: Cache, copy: Path) -> None:
    copy.write_bytes(sign(cache, b"[" * 100_000))


def _empty(_cache: Cache, copy: Path) -> None:
    copy.write_bytes(b"")


def _folder(_cache: Cache, copy: Path) -> None:
    copy.unlink()
    copy.mkdir()


def _pipe(_cache: Cache, copy: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no such files")
    copy.unlink()
    os.mkfifo(copy)


def _endless(_cache: Cache, copy: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no such files")
    copy.unlink()
    copy.symlink_to("/dev/zero")


def _huge(_cache: Cache, copy: Path) -> None:
    with copy.open("r+b") as file:
        file.truncate(1 << 40)


def _no_secret(cache: Cache, _copy: Path) -> None:
    cache.secret.unlink()


def _short_secret(cache: Cache, copy: Path) -> None:
    body = falsified(cache, retitled).partition(b"\n")[2]
    cache.secret.write_bytes(b"")
    copy.write_bytes(hashlib.blake2b(body, digest_size=32).hexdigest().encode() + b"\n" + body)


PLANTED = [
    _another_secret,
    _unsigned,
    _old_signature,
    _of_other_content,
    _of_another_pack,
    _no_form([99, "x"]),
    _no_form([0, 0]),
    _no_form([5, "too", "few"]),
    _no_form([4]),
    _no_form([4, [5]]),
    _no_form([]),
    _signed_rubbish,
    _empty,
    _folder,
    _pipe,
    _endless,
    _huge,
    _no_secret,
    _short_secret,
]


@pytest.mark.parametrize("plant", PLANTED)
def test_what_is_planted_changes_no_answer(
    cache: Cache, pack: Path, plant: Callable[[Cache, Path], None]
) -> None:
    right = load(pack, cache=cache)
    plant(cache, copies(cache)[0])
    assert load(pack, cache=cache) == right
    assert load(pack, cache=cache) == right  # nor what was kept after it


@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), cut=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_no_damage_changes_an_answer(
    cache: Cache, pack: Path, where: float, bit: int, cut: bool
) -> None:
    right = load(pack, cache=cache)
    (copy,) = copies(cache)
    content = bytearray(copy.read_bytes())
    at = int(where * len(content))
    if cut:
        del content[at:]
    else:
        content[at] ^= 1 << bit
    copy.write_bytes(content)
    assert load(pack, cache=cache) == right


def test_where_nothing_can_be_kept_everything_works(tmp_path: Path, pack: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    homes = tmp_path / "file" / "home", tmp_path / "home"
    for folder in homes:
        for secret in homes:
            cache = Cache(folder / "cache", secret / "cache.key", "this code")
            assert load(pack, cache=cache) == load(pack)


def _among_modules(tmp_path: Path, cache: Cache) -> Cache:
    return Cache(tmp_path / "compiled", None, cache.made_by, lambda: cache)


def test_among_the_compiled_modules_nothing_is_signed(
    cache: Cache, tmp_path: Path, pack: Path, unread: Callable[[], None]
) -> None:
    compiled = _among_modules(tmp_path, cache)
    right = load(pack, cache=compiled)
    assert (len(copies(compiled)), copies(cache), Path(cache.secret).exists()) == (1, [], False)
    (copy,) = copies(compiled)
    copy.write_bytes(copy.read_bytes().replace(b"tank", b"tonk"))
    assert load(pack, cache=compiled) == right
    unread()
    assert load(pack, cache=compiled) == right


def test_copies_are_the_users_for_as_long_as_no_module_can_be_kept(
    cache: Cache, tmp_path: Path, pack: Path, unread: Callable[[], None]
) -> None:
    (tmp_path / "compiled").write_text("no folder")
    compiled = _among_modules(tmp_path, cache)
    right = load(pack, cache=compiled)
    assert len(copies(cache)) == 1
    unread()
    assert load(pack, cache=compiled) == right == load(pack, cache=cache)
    (tmp_path / "compiled").unlink()
    assert load(pack, cache=compiled) == right
    shutil.rmtree(cache.folder)
    assert load(pack, cache=compiled) == right


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no limit to the size of files")
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, pack: Path) -> None:
    """A limit to the size of files stands for the disk: it, too, refuses what is written."""
    script = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from compliance.agreement.cache import Cache\n"
        "from compliance.agreement.load import load\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))\n"
        "home = Path(sys.argv[2])\n"
        "print(load(Path(sys.argv[1]), cache=Cache(home / 'c', home / 'key', 'x')).sha256)\n"
    )
    home = tmp_path / "home"
    done = subprocess.run(
        [sys.executable, "-B", "-c", script, str(pack), str(home)], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.strip()) == (0, load(pack).sha256), done.stderr
    assert [path.name for path in (home / "c").iterdir()] == []


def test_many_packs_are_not_kept_for_ever(cache: Cache, tmp_path: Path) -> None:
    for number in range(20):
        load(write_pack(tmp_path / f"pack{number}", small_pack()), cache=cache)
    assert len(copies(cache)) == 16


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_what_is_kept_is_for_its_owner_alone(cache: Cache, pack: Path) -> None:
    load(pack, cache=cache)
    for path in (cache.secret, *copies(cache)):
        assert path.stat().st_mode & 0o077 == 0, path


def test_only_what_was_named_is_written() -> None:
    form = Plain(Span)
    assert form.read(form.written(((Span(1, None), "x"), ()))) == ((Span(1, None), "x"), ())
    for value in (object(), {1, 2}, [1], Agreement):
        with pytest.raises(TypeError):
            form.written(value)


def test_what_is_made_later_is_what_was_written() -> None:
    form = Plain(Span, DateSpan, later=Span)
    spans = (Span(1, None), Span(1, 2), Span(1, 2))
    day = DateSpan(date(2000, 1, 1), date(2000, 1, 2))
    value = {"spans": spans, "mixed": (Span(1, 2), day), "none": (), "day": day}
    written = form.written(value)
    read = form.read(json.loads(json.dumps(written)))
    assert read == value and type(read["mixed"]) is tuple
    later = read["spans"]
    assert isinstance(later, Later) and isinstance(later, Sequence)
    assert (len(later), later[-1], later[1:]) == (3, spans[-1], spans[1:])
    assert later[0] is later[0] and later != spans[1:] and hash(later) == hash(spans)
    with pytest.raises(IndexError):
        later[3]
    # Nothing is made before it is asked for: what is wrong in it shows then.
    written[2][1][1][1:] = [2, 1]
    wrong = form.read(written)["spans"]
    assert wrong[1] == spans[1]
    with pytest.raises(ValueError, match="cannot run"):
        wrong[0]
