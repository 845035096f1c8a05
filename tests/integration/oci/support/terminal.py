"""Terminals for tests, which Node can't make by itself.

  terminal.py socket PATH TEXT   listens at PATH as a client's console socket does, takes a terminal's master that comes
                                 over it, types TEXT, and prints what the terminal shows until it hangs up
  terminal.py run TEXT COMMAND…  runs COMMAND on a terminal of 100 columns and 30 rows, types TEXT, and prints what it
                                 shows; ends with the command's exit code
"""

import array
import fcntl
import os
import pty
import socket
import struct
import sys
import termios


def show(master):
    while True:
        try:
            data = os.read(master, 65536)
        except OSError:  # EIO: nobody has the other side open any more
            return
        if not data:
            return
        sys.stdout.buffer.write(data)
        sys.stdout.flush()


def receive(path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(1)
    print("listening", flush=True)
    connection, _ = listener.accept()
    fds = array.array("i")
    _, ancillary, _, _ = connection.recvmsg(4096, socket.CMSG_SPACE(fds.itemsize))
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(data[: fds.itemsize])
    return fds[0]


def main():
    text = sys.argv[3 if sys.argv[1] == "socket" else 2].encode()
    if sys.argv[1] == "socket":
        master = receive(sys.argv[2])
        os.write(master, text)
        show(master)
        return 0
    pid, master = pty.fork()
    if pid == 0:
        os.execvp(sys.argv[3], sys.argv[3:])
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    os.write(master, text)
    show(master)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


sys.exit(main())
