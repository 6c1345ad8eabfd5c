"""Free code within walls: each test runs a real process that tries to get out, beside what it may do."""

import os
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mozg.confine import Limits, confined, require
from mozg.confine.landlock import NEEDED, version
from mozg.errors import ServiceError

ALPHABET = "abcdefghijklmnopqrstuvwxyz"
SECRET = "the-secret-of-another-house"


@pytest.fixture(scope="session", autouse=True)
def _walls():
    try:
        require()
    except ServiceError as error:
        pytest.skip(str(error))


@pytest.fixture
def own(tmp_path):
    (tmp_path / "secret.key").write_text(SECRET)
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


@pytest.fixture
def run(own):
    """Run Python within walls: what it prints, line by line."""

    def _run(code, *, environment=None, **limits):
        limits = {"write": (own,), **{name: tuple(value) for name, value in limits.items()}}
        command = confined([sys.executable, "-c", code], Limits(**limits))
        done = subprocess.run(command, cwd=own, env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return _run


@pytest.fixture
def neighbour():
    """A process of the same user, with a secret in its environment."""
    environment = {**os.environ, "MOZG_SECRET_KEY": SECRET}
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], env=environment)
    while SECRET not in Path(f"/proc/{process.pid}/environ").read_text():
        time.sleep(0.01)
    yield process
    assert process.poll() is None, "the neighbour was ended from within walls"
    process.kill()
    process.wait()


REFUSED = """
import ctypes, os
from pathlib import Path
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
def attempt(name, action):
    try:
        print(name, "DONE", action())
    except OSError as error:
        print(name, "refused", error.errno)
def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "")
"""


def all_refused(lines, count):
    assert len(lines) == count, lines
    assert [line for line in lines if " refused " not in line] == []


def test_it_reads_and_writes_what_it_is_given_and_nothing_else(run, own, tmp_path):
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "menu.txt").write_text("soup")
    lines = run(
        f"""{REFUSED}
other, own, shared = Path({str(tmp_path)!r}), Path({str(own)!r}), Path({str(tmp_path / "shared")!r})
(own / "mine").write_text((shared / "menu.txt").read_text())
(own / "deeper").mkdir()
(own / "mine").rename(own / "deeper" / "moved")
print((own / "deeper" / "moved").read_text(), sorted(os.listdir(shared)))
attempt("read", lambda: (other / "secret.key").read_text())
attempt("list", lambda: os.listdir(other))
attempt("write", lambda: (shared / "menu.txt").write_text("salt"))
attempt("append", lambda: open(shared / "menu.txt", "a"))
attempt("truncate", lambda: os.truncate(shared / "menu.txt", 0))
attempt("remove", lambda: os.remove(shared / "menu.txt"))
attempt("make", lambda: (other / "new").write_text(""))
attempt("fetch", lambda: os.rename(other / "secret.key", own / "key"))
attempt("package", lambda: Path(os.__file__).write_text(""))
""",
        read=[tmp_path / "shared"],
    )
    assert lines[0] == "soup ['menu.txt']"
    all_refused(lines[1:], 9)
    assert (tmp_path / "shared" / "menu.txt").read_text() == "soup"


def test_it_makes_no_link_pipe_socket_or_device_that_could_lead_others_astray(run, own, tmp_path):
    lines = run(f"""{REFUSED}
import socket
secret = {str(tmp_path / "secret.key")!r}
attempt("symbolic link", lambda: os.symlink(secret, "link"))
attempt("hard link", lambda: os.link(secret, "link"))
attempt("pipe", lambda: os.mkfifo("pipe"))
attempt("socket", lambda: socket.socket(socket.AF_UNIX).bind("socket"))
attempt("device", lambda: os.mknod("memory", 0o600 | {stat.S_IFCHR}, os.makedev(1, 1)))
""")
    all_refused(lines, 5)
    assert list(own.iterdir()) == []


def test_a_scratch_folder_takes_sockets_but_no_links(run, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    lines = run(
        f"""{REFUSED}
import socket
os.chdir({str(scratch)!r})
with socket.socket(socket.AF_UNIX) as listening, socket.socket(socket.AF_UNIX) as calling:
    listening.bind("socket"); listening.listen(); calling.connect("socket"); print("connected")
attempt("symbolic link", lambda: os.symlink({str(tmp_path / "secret.key")!r}, "link"))
""",
        scratch=[scratch],
    )
    assert lines[0] == "connected"
    all_refused(lines[1:], 1)


def test_other_processes_are_out_of_reach_though_their_user_is_the_same(run, neighbour):
    """With all of /proc laid open, which nobody is given, it is Landlock that hides other processes."""
    lines = run(
        f"""{REFUSED}
pid = {neighbour.pid}
print("own", len(Path("/proc/self/environ").read_bytes()) > 0)
for name in ("environ", "mem", "maps", "auxv"):
    attempt(name, lambda name=name: Path(f"/proc/{{pid}}/{{name}}").open("rb").read(1))
for name in ("cwd", "exe", "root", "fd/1"):
    attempt(name, lambda name=name: os.readlink(f"/proc/{{pid}}/{{name}}"))
attempt("descriptor", lambda: open(f"/proc/{{pid}}/fd/0"))
attempt("ptrace", lambda: check(libc.ptrace(16, pid, 0, 0)))
space = (ctypes.c_void_p * 2)(ctypes.addressof(ctypes.create_string_buffer(8)), 8)
attempt("memory", lambda: check(libc.process_vm_readv(pid, space, 1, space, 1, 0)))
attempt("pidfd_getfd", lambda: check(libc.syscall(438, os.pidfd_open(pid), 1, 0)))
for number in (0, 2, 9, 15, 19):
    attempt(f"signal {{number}}", lambda number=number: os.kill(pid, number))
import resource
attempt("limit", lambda: resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1)))
""",
        read=["/proc"],
    )
    assert lines[0] == "own True"
    assert not [line for line in lines if SECRET in line]
    all_refused(lines[1:], 18)


def test_processes_are_not_even_listed(run, neighbour):
    lines = run(f"""{REFUSED}
attempt("list", lambda: os.listdir("/proc"))
attempt("command line", lambda: Path("/proc/{neighbour.pid}/cmdline").read_text())
attempt("password hashes", lambda: Path("/etc/shadow").read_text())
attempt("shared memory", lambda: os.listdir("/dev/shm"))
attempt("terminals", lambda: os.listdir("/dev/pts"))
""")
    all_refused(lines, 5)


def test_what_it_starts_stays_within_the_walls(run, tmp_path):
    (line,) = run(f"""
import subprocess
print(subprocess.run(["cat", {str(tmp_path / "secret.key")!r}], capture_output=True, text=True))
""")
    assert "returncode=1" in line
    assert "Permission denied" in line
    assert SECRET not in line


def test_it_keeps_no_file_open_that_its_starter_had_open(run, own, tmp_path):
    with (tmp_path / "secret.key").open() as file:
        os.set_inheritable(file.fileno(), True)
        code = "import os\nfor n in range(3, 64):\n    try: print(n, os.read(n, 9))\n    except OSError: pass"
        command = confined([sys.executable, "-c", code], Limits(write=(own,)))
        done = subprocess.run(command, cwd=own, capture_output=True, text=True, close_fds=False, timeout=60)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_a_superuser_keeps_no_power_but_to_go_through_folders(run):
    lines = run(
        "import os; os.system('grep -E ^Cap.*[PE] /proc/self/status; grep NoNew /proc/self/status')", read=["/proc"]
    )
    held = {line.split()[0]: int(line.split()[1], 16) for line in lines}
    left = 1 << 2 if os.geteuid() == 0 else 0
    assert held["CapEff:"] == held["CapPrm:"] == left
    assert held["NoNewPrivs:"] == 1


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers of system calls are those of x86_64")
def test_a_handle_is_no_way_around_paths(run):
    """A superuser that goes through all folders could open by handle; the call itself is refused."""
    lines = run(f"""{REFUSED}
import struct
handle = ctypes.create_string_buffer(struct.pack("@Ii128x", 128, 1))
attempt("open", lambda: check(libc.syscall(304, os.open(".", os.O_RDONLY), handle, 0)))
attempt("io_uring", lambda: check(libc.syscall(425, 1, 0)))
attempt("keys", lambda: check(libc.syscall(250, 0, -4, 0)))
""")
    all_refused(lines, 3)


def test_it_has_no_network_at_all(run):
    lines = run(f"""{REFUSED}
import socket
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, socket.AF_PACKET, socket.AF_VSOCK):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
        attempt(f"{{family}} {{kind}}", lambda family=family, kind=kind: socket.socket(family, kind))
""")
    all_refused(lines, 15)


def test_it_reaches_the_ports_that_it_is_given_and_no_other(run):
    with socket.create_server(("127.0.0.1", 0)) as ours, socket.create_server(("127.0.0.1", 0)) as theirs:
        lines = run(
            f"""{REFUSED}
import socket
def connect(port, protocol=0):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol) as calling:
        calling.connect(("127.0.0.1", port))
attempt("ours", lambda: connect({ours.getsockname()[1]}))
attempt("theirs", lambda: connect({theirs.getsockname()[1]}))
attempt("by another protocol", lambda: connect({theirs.getsockname()[1]}, 262))
attempt("bind", lambda: socket.create_server(("127.0.0.1", 0)))
attempt("sniff", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3))
""",
            connect=[ours.getsockname()[1]],
        )
    assert lines[0] == "ours DONE None"
    all_refused(lines[1:], 4)


def test_an_abstract_socket_of_others_is_out_of_reach(run):
    name = f"\0mozg-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(name)
        listening.listen()
        lines = run(f"""{REFUSED}
import socket
attempt("connect", lambda: socket.socket(socket.AF_UNIX).connect({name!r}))
""")
    all_refused(lines, 1)


def test_the_launcher_runs_nothing_that_lies_in_the_folder_it_starts_in(run, own, tmp_path):
    for folder in (own / "mozg", own / "mozg" / "confine"):
        folder.mkdir()
        (folder / "__init__.py").write_text(f"print(open({str(tmp_path / 'secret.key')!r}).read())")
    (own / "argparse.py").write_text("print('ours')")
    (own / "sitecustomize.py").write_text(f"print(open({str(tmp_path / 'secret.key')!r}).read())")
    lines = run("print('command')", environment={**os.environ, "PYTHONPATH": str(own)}, read=[tmp_path / "own"])
    assert SECRET not in "".join(lines)
    assert lines[-1] == "command"


def refusal(limits, before=""):
    code = f"{before}\nfrom mozg.confine.__main__ import main\nmain()"
    arguments = confined(["true"], limits)[4:]
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1, done.stdout
    return done.stderr


def test_it_refuses_to_lay_open_what_must_never_be(tmp_path):
    secret = tmp_path / "secret.key"
    for limits in ({"read": (tmp_path,)}, {"write": (secret,)}, {"scratch": (tmp_path.parent,)}):
        assert f"{secret} lies within" in refusal(Limits(never=(secret,), **limits))
    assert f"/usr/bin lies within {Path('/usr')}" in refusal(Limits(never=(Path("/usr/bin"),)))


def test_it_refuses_a_path_that_does_not_exist(tmp_path):
    assert "No such file" in refusal(Limits(read=(tmp_path / "missing",)))


def test_it_refuses_where_the_kernel_has_no_landlock():
    """A real kernel without it: a filter lets the call fail as an older kernel would."""
    older = """
import ctypes, struct
from mozg.confine import calls
lines = ctypes.create_string_buffer(b"".join([
    calls._line(calls._LOAD, 0), calls._line(calls._EQUAL, 444, 0, 1),
    calls._line(calls._RETURN, 0x00050000 | 38), calls._line(calls._RETURN, 0x7FFF0000)]))
libc = ctypes.CDLL(None)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, struct.pack("@HP", 4, ctypes.addressof(lines)), 0, 0) == 0
"""
    said = refusal(Limits(), older)
    assert "true was not started" in said
    assert f"this kernel has no Landlock, and version {NEEDED} is needed" in said


def test_this_kernel_is_asked(run):
    assert version() >= NEEDED
