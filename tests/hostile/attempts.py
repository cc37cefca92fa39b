"""What no runner should be able to do, each as a line of Python that succeeds where it can. `given` are places."""

HARMLESS = {
    "write into its folder": "open('own', 'w').write('x')",
    "write into its temporary folder": "import tempfile; tempfile.NamedTemporaryFile().write(b'x')",
    "read its own file": "open(given['own']).read()",
    "read beside its own file": "open(given['sidecar']).read()",
    "read the system": "open('/etc/passwd').read()",
    "write into nothing": "open('/dev/null', 'w').write('x')",
    "random bytes": "open('/dev/urandom', 'rb').read(8)",
    "start another process": "import subprocess; subprocess.run([sys.executable, '-I', '-c', ''], check=True)",
    "pair of sockets": "import socket; socket.socketpair()",
    "shared memory": "open('/dev/shm/x', 'w').write('x')",
    "what it is": "open('/proc/self/status').read()",
    "memory of the machine": "open('/proc/meminfo').read()",
    "a thread": "import threading; threading.Thread(target=int).start()",
}

READS = {
    "gold by its path": "open(given['gold']).read()",
    "gold by a link in its folder": "os.symlink(given['gold'], 'link'); open('link').read()",
    "gold by a hard link": "os.link(given['gold'], 'hard'); open('hard').read()",
    "gold by the folder's descriptor": "os.open('gold.txt', os.O_RDONLY, dir_fd=os.open(given['set'], os.O_RDONLY))",
    "gold by going up": "open(os.path.relpath(given['gold'])).read()",
    "gold by the harness's root": "open(f\"/proc/{given['harness']}/root{given['gold']}\").read()",
    "gold by the harness's folder": "open(f\"/proc/{given['harness']}/cwd/set/gold.txt\").read()",
    "gold by another root": "open(f\"/proc/1/root{given['gold']}\").read()",
    "gold by its descriptors": "[os.pread(int(n), 99, 0).index(b'secret') for n in os.listdir('/proc/self/fd')]",
    "gold in another process": "subprocess.run(['cat', given['gold']], check=True)",
    "gold by sqlite": "import sqlite3; sqlite3.connect(given['gold']).execute('select 1 from x')",
    "gold by mmap": "import mmap; mmap.mmap(os.open(given['gold'], os.O_RDONLY), 0, prot=mmap.PROT_READ)",
    "gold by sendfile": "os.sendfile(1, os.open(given['gold'], 0), 0, 9)",
    "gold by a copy": "import shutil; shutil.copyfile(given['gold'], 'copy')",
    "names of gold": "os.listdir(given['set'])",
    "names of gold by a pattern": "glob.glob(given['set'] + '/*')[0]",
    "history of the gold": "open(given['history']).read()",
    "the cache": "open(given['cache'] + '/extractions.sqlite3').read()",
    "the run": "open(given['run'] + '/scores').read()",
    "another user's file": "open(given['secret']).read()",
    "passwords": "open('/etc/shadow').read() or open('/nothing')",
    "the harness's variables": "open(f\"/proc/{given['harness']}/environ\", 'rb').read()",
    "the harness's command": "open(f\"/proc/{given['harness']}/cmdline\", 'rb').read()",
    "the harness's memory": "open(f\"/proc/{given['harness']}/mem\", 'rb').read(1)",
    "the guardian's variables": "open('/proc/1/environ', 'rb').read()",
    "the memory of the machine": "open('/dev/mem', 'rb').read(1)",
    "the disk": "open(given['disk'], 'rb').read(1)",
    "messages of the kernel": "open('/dev/kmsg', 'rb').read(1)",
    "variables": "os.environ['PROBE_SECRET']",
}

WRITES = {
    "the harness's code": "open(given['code'], 'r+')",
    "a module beside it": "open(os.path.dirname(given['code']) + '/added.py', 'w')",
    "its own file": "open(given['own'], 'r+')",
    "beside its own file": "open(given['own'] + '.more', 'w')",
    "beside a rival": "open(given['rival'] + '.more', 'w')",
    "into the cache": "open(given['cache'] + '/more', 'w')",
    "into the set": "open(given['set'] + '/more', 'w')",
    "into the run": "open(given['run'] + '/more', 'w')",
    "away with gold": "os.unlink(given['gold'])",
    "away with a rival": "os.rename(given['rival'], given['rival'] + '.old')",
    "a folder beside": "os.mkdir(given['own'] + '.d')",
    "a link beside": "os.symlink('/', given['own'] + '.l')",
    "into the interpreter": "open(os.path.dirname(os.__file__) + '/added.py', 'w')",
    "into the temporary folder of all": "open(given['temporary'] + '/boilerbench-marker', 'w')",
    "into the root": "open('/added', 'w')",
    "into /etc": "open('/etc/added', 'w')",
    "settings of the kernel": "open('/proc/sys/kernel/core_pattern', 'w')",
    "read-only no more": "m(b'none', given['own'], None, 32 | 1, None) and 1/0",
    "a mount": "m(b'none', b'/etc', b'tmpfs', 0, None) and 1/0",
    "away with a mount": "libc.umount2(b'/etc/shadow', 2) and 1/0",
    "a device": "os.mknod('device', 0o60600, os.makedev(254, 0))",
    "more than its folder takes": "os.posix_fallocate(os.open('big', os.O_CREAT | os.O_RDWR), 0, 600 << 20)",
}

MODES = {
    "the mode of a rival": "os.chmod(given['rival'], 0o600)",
    "the times of gold": "os.utime(given['gold'], (1, 1))",
    "an attribute of a rival": "os.setxattr(given['rival'], 'user.x', b'1')",
}
"""What Landlock does not refuse."""

REACHES = {
    "a server": "socket.create_connection(('127.0.0.1', given['port']), 2)",
    "a server, by its own call": "s = socket.socket(); s.settimeout(2); s.connect(('127.0.0.1', given['port']))",
    "the outside": "socket.create_connection(('192.0.2.1', 80), 1)",
    "a datagram": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))",
    "six": "socket.create_connection(('2001:db8::1', 80), 1)",
    "a raw socket": "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
    "packets": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "the host of a virtual machine": "socket.socket(getattr(socket, 'AF_VSOCK', 40), socket.SOCK_STREAM)",
    "the kernel's crypto": "socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)",
    "bluetooth": "socket.socket(31, socket.SOCK_RAW, 1)",
    "a socket in a folder": "socket.socket(socket.AF_UNIX).connect(given['socket'])",
    "an abstract socket": "socket.socket(socket.AF_UNIX).connect('\\0' + given['abstract'])",
    "its network back": "libc.setns(os.open(f\"/proc/{given['harness']}/ns/net\", os.O_RDONLY), 0) and 1/0",
    "its network back from 1": "libc.setns(os.open('/proc/1/ns/net', os.O_RDONLY), 0) and 1/0",
    "a key ring": "libc.syscall(250, 0, -3, 0) < 0 and 1/0" if __import__("os").uname().machine == "x86_64" else "1/0",
    "a ring of calls": "libc.syscall(425, 8, None) < 0 and 1/0",
    "names": "socket.getaddrinfo('example.org', 80)",
}

TOUCHES = {
    "the harness": "os.kill(given['harness'], 0)",
    "the harness's group": "os.killpg(os.getpgid(given['harness']), 0)",
    "the harness by ptrace": "libc.ptrace(16, given['harness'], None, None) and 1/0",
    "the harness's priority": "os.setpriority(os.PRIO_PROCESS, given['harness'], 19)",
}

GROUPS = {"reads": READS, "writes": WRITES, "modes": MODES, "reaches": REACHES, "touches": TOUCHES}

SCRIPT = """\
import ctypes, glob, json, os, socket, subprocess, sys
libc = ctypes.CDLL(None)
m = lambda *about: libc.mount(*(os.fsencode(each) if isinstance(each, str) else each for each in about))
given, attempts = json.loads(sys.argv[1]), json.loads(sys.argv[2])
for name, attempt in attempts.items():
    try:
        exec(attempt)
        told = ""
    except BaseException as cause:
        told = f"{type(cause).__name__}: {cause}"
    print(json.dumps([name, told]), flush=True)
"""
