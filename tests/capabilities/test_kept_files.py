"""Kept files: outside the public media, bounded, swept when no row holds them."""

import datetime
import os

import pytest

from taiga_crm.capabilities import kept_files
from taiga_crm.capabilities.kept_files import drop, files_root, keep, open_kept, sweep
from taiga_crm.conf import Conf
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import NotVisible, TooLarge


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_files, "conf", lambda: Conf(files_root=str(tmp_path / "files")))
    return tmp_path / "files"


def test_a_file_comes_back_as_it_was():
    kept = keep([b"abc", b"def"], 10)
    assert (kept.size, kept.sha256[:8]) == (6, "bef57ec7")
    with open_kept(kept.name) as file:
        assert file.read() == b"abcdef"
    drop(kept.name)
    with pytest.raises(NotVisible):
        open_kept(kept.name)


def test_a_file_above_the_limit_leaves_nothing(root):
    with pytest.raises(TooLarge):
        keep([b"x" * 6, b"x" * 6], 10)
    assert not [path for path in root.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["../secret", "ab/../../etc/passwd", "", "AB/" + "A" * 32, "/etc"])
def test_no_other_name_is_opened_or_dropped(name):
    with pytest.raises(NotVisible):
        open_kept(name)
    drop(name)


def test_the_folder_is_never_inside_the_public_media(settings, monkeypatch):
    monkeypatch.setattr(kept_files, "conf", Conf)
    assert not files_root().is_relative_to(settings.MEDIA_ROOT)


@pytest.mark.django_db
def test_only_old_files_without_a_row_are_swept():
    old, fresh = keep([b"old"], 10), keep([b"fresh"], 10)
    past = (clock.now() - datetime.timedelta(days=2)).timestamp()
    os.utime(files_root() / old.name, (past, past))
    assert sweep(clock.now()) == 1
    with pytest.raises(NotVisible):
        open_kept(old.name)
    open_kept(fresh.name).close()
