"""The servers everything is measured against, on loopback, on a processor of their own: nginx and, for
WebSockets, web_socket_server.

Four ports: plain and TLS with connections kept alive, and both with a new connection per request.
A fifth one, TLS, never resumes a session. Certificate and files live in a temporary folder.
"""
import os
import shutil
import socket
import subprocess
import tempfile
import time

MIB = 1 << 20

CONFIG = """
daemon off;
master_process off;
pid {dir}/pid;
error_log stderr crit;
worker_rlimit_nofile 20000;
events {{ worker_connections 9000; }}
http {{
    access_log off;
    sendfile on;
    sendfile_max_chunk 2m;
    tcp_nopush on;
    root {dir}/files;
    default_type application/octet-stream;
    open_file_cache max=100 inactive=1h;
    open_file_cache_valid 1h;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    client_max_body_size 0;
    client_body_temp_path {dir}/body;
    proxy_temp_path {dir}/proxy;
    fastcgi_temp_path {dir}/fastcgi;
    uwsgi_temp_path {dir}/uwsgi;
    scgi_temp_path {dir}/scgi;
    ssl_certificate {dir}/server.pem;
    ssl_certificate_key {dir}/server.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_tickets on;

    server {{ listen 127.0.0.1:{http} backlog=4096; include {dir}/places; }}
    server {{ listen 127.0.0.1:{https} ssl backlog=4096; include {dir}/places; }}
    server {{ listen 127.0.0.1:{http_new} backlog=4096; keepalive_timeout 0;
              include {dir}/places; }}
    server {{ listen 127.0.0.1:{https_new} ssl backlog=4096; keepalive_timeout 0;
              include {dir}/places; }}
    server {{ listen 127.0.0.1:{https_full} ssl backlog=4096; keepalive_timeout 0;
              ssl_session_tickets off; ssl_session_cache off; include {dir}/places; }}
}}
"""

PLACES = """
location = /1k {{ return 200 "{kilobyte}"; }}
location = /sink {{ return 200 "done"; }}
"""


def _free_ports(names):
    """A port for each name, chosen by the system and free a moment ago."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in names]
    ports = {name: sock.getsockname()[1] for name, sock in zip(names, sockets)}
    for sock in sockets:
        sock.close()
    return ports


def _openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def _make_certificates(folder):
    """A P-256 authority and a server certificate for 127.0.0.1."""
    ca, ca_key = folder + "/ca.pem", folder + "/ca.key"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    extensions = folder + "/extensions"
    with open(extensions, "w") as out:
        out.write("subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n")
    _openssl("req", "-x509", *curve, "-keyout", ca_key, "-out", ca, "-days", "30",
             "-subj", "/CN=bench authority")
    _openssl("req", *curve, "-keyout", folder + "/server.key", "-out", folder + "/server.csr",
             "-subj", "/CN=localhost")
    _openssl("x509", "-req", "-in", folder + "/server.csr", "-CA", ca, "-CAkey", ca_key,
             "-CAcreateserial", "-days", "30", "-extfile", extensions,
             "-out", folder + "/server.pem")
    return ca


class Server:
    """The running servers; use it in a with statement."""

    def __init__(self, programs, cpu, sizes_mib):
        self.folder = tempfile.mkdtemp(prefix="winhttp-bench-")
        self.roots = _make_certificates(self.folder)
        self._make_files(sizes_mib)
        self.ports = _free_ports(["http", "https", "http_new", "https_new", "https_full"])
        with open(self.folder + "/nginx.conf", "w") as out:
            out.write(CONFIG.format(dir=self.folder, **self.ports))
        with open(self.folder + "/places", "w") as out:
            out.write(PLACES.format(kilobyte="0123456789abcdef" * 64))
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        self.process = subprocess.Popen(
            [program, "-p", self.folder, "-c", self.folder + "/nginx.conf"],
            stdin=subprocess.DEVNULL)
        self.web_socket = subprocess.Popen(
            [programs + "/web_socket_server", self.folder + "/server.pem", self.folder + "/server.key"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, {cpu}))
        try:
            os.sched_setaffinity(self.process.pid, {cpu})
            for name in ("ws", "wss"):
                self.ports[name] = int(self.web_socket.stdout.readline())
            self._wait()
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def _make_files(self, sizes_mib):
        os.chmod(self.folder, 0o755)
        os.mkdir(self.folder + "/files")
        files = {"64k": 64 << 10, "1m": MIB, **{f"down-{mib}": mib * MIB for mib in sizes_mib}}
        for name, size in files.items():
            with open(self.folder + "/files/" + name, "wb") as out:
                out.truncate(size)  # zeros, and no disk behind them

    def _wait(self):
        for _ in range(500):
            if self.process.poll() is not None:
                raise RuntimeError("nginx did not start")
            try:
                socket.create_connection(("127.0.0.1", self.ports["http"])).close()
                return
            except ConnectionRefusedError:
                time.sleep(0.01)
        raise RuntimeError("nginx does not answer")

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.web_socket.kill()
        self.web_socket.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, port, path):
        """The URL of a path on one of the ports, by the port's name."""
        scheme = "https" if port.startswith("https") or port == "wss" else "http"
        return f"{scheme}://127.0.0.1:{self.ports[port]}{path}"
