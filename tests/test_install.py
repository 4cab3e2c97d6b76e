"""What is installed is all that is needed: the wheel has every file of the package."""

import subprocess
import sys
import zipfile
from pathlib import Path

import click
import pytest
from conftest import ROOT

from newsspider.cli import COMMANDS, main


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel built from what is committed or about to be, without any network."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in listed.stdout.splitlines():
        if name.startswith(("newsspider/", "pyproject", "README", "LICENSE")):
            target = source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    # The build backend itself, without an environment of its own: nothing is downloaded.
    script = "import setuptools.build_meta as b, sys; print(b.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        cwd=source, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "No module named 'setuptools'" in done.stderr:
        pytest.skip("no setuptools here")
    assert done.returncode == 0, done.stderr
    return folder / done.stdout.splitlines()[-1]


def test_the_wheel_has_every_file_of_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith("newsspider/")}
    wanted = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "newsspider").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert packed == wanted


def test_what_is_unpacked_runs(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "lib")
    script = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'lib')!r}); import newsspider;"
        " assert 'lib' in newsspider.__file__; from newsspider.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script, "demo", "--db", str(tmp_path / "demo.db")],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path / "lib"), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "两院党支部结对共建" in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_an_example(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    context = click.Context(command, info_name=name)
    text = command.get_help(context)
    assert f"\n      newsspider {name} " in text or text.count(f"newsspider {name}") >= 2, text


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str, tmp_path: Path) -> None:
    def ask(instruction: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from newsspider.cli import main; main(prog_name='newsspider')"],
            cwd=tmp_path,
            env={
                "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin",
                "_NEWSSPIDER_COMPLETE": f"{shell}_{instruction}", **variables,
            },
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    source = ask("source")
    # click asks bash itself for its version; where there is none, it says so.
    assert "newsspider" in source.stdout or "bash" in source.stderr.lower()
    found = ask("complete", COMP_WORDS="newsspider he", COMP_CWORD="1" if shell != "fish" else "he")
    assert "health" in found.stdout
