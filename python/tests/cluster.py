"""A Spark cluster of one's own on loopback: a master and workers, each with one core."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import pyspark

HOME = Path(pyspark.__path__[0])


def environment() -> dict[str, str]:
    """What Spark must know to stay on this machine and to use this Python."""
    return {
        "SPARK_HOME": str(HOME),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
    }


class Cluster:
    """Started when it is entered, gone when it is left."""

    def __init__(self, folder: Path, workers: int = 2, memory: str = "1500m") -> None:
        self.folder, self.count, self.memory = folder, workers, memory
        self.master: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []
        self.url = ""

    def _start(self, name: str, *args: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{name}.log").open("wb")
        env = {**os.environ, **environment(), "SPARK_WORKER_DIR": str(self.folder / name)}
        # A session of its own, so that a worker goes with its executors.
        command = [str(HOME / "bin" / "spark-class"), f"org.apache.spark.deploy.{args[0]}", *args[1:]]
        return subprocess.Popen(command, stdout=log, stderr=log, env=env, start_new_session=True)

    def _told(self, name: str, pattern: str) -> str:
        for _ in range(600):
            found = re.search(pattern, (self.folder / f"{name}.log").read_text(errors="replace"))
            if found:
                return found.group(0)
            time.sleep(0.1)
        raise TimeoutError(f"{name} did not start:\n" + (self.folder / f"{name}.log").read_text(errors="replace"))

    def __enter__(self) -> Cluster:
        self.master = self._start("master", "master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
        self.url = self._told("master", r"spark://127\.0\.0\.1:\d+")
        for number in range(self.count):
            options = ["--host", "127.0.0.1", "--webui-port", "0", "--cores", "1", "--memory", self.memory]
            self.workers.append(self._start(f"worker{number}", "worker.Worker", *options, self.url))
        for number in range(self.count):
            self._told(f"worker{number}", "Successfully registered with master")
        return self

    def kill(self, number: int) -> None:
        """Takes a worker down, with its executors, without a word."""
        worker = self.workers[number]
        # Executors are children of the worker, in its session.
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for process in [*self.workers, *filter(None, [self.master])]:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
