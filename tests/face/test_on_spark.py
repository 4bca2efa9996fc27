"""The same table on Spark: on the cores at hand, and on a standalone cluster of two processes on loopback."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pyspark
import pytest

import kido
from benchmarks.transactions import transactions
from kido.errors import KidoError

QUIET = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "localhost"}


@pytest.fixture(scope="module")
def table(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("spark") / "orders.parquet"
    transactions(600, seed=5).write_parquet(path)
    return path


@pytest.fixture(scope="module")
def here(table) -> dict[str, list[tuple]]:
    """The answers of this process."""
    into = table.with_name("here.parquet")
    kido.batch(table, into)
    return read(into)


def read(into: Path) -> dict[str, list[tuple]]:
    names = {"answers": into, "measures": into.with_suffix(".measures.parquet"), "rejected": into.with_suffix(".rejected.parquet")}
    return {name: sorted(pl.read_parquet(path).cast(pl.String).iter_rows(), key=str) for name, path in names.items()}


def determine(table: Path, into: Path, **settings: str) -> subprocess.CompletedProcess:
    """The command, with Spark's own settings in a file of its own."""
    folder = into.parent / f"conf-{into.stem}"
    folder.mkdir()
    (folder / "spark-defaults.conf").write_text("".join(f"{name.replace('_', '.')} {value}\n" for name, value in settings.items()))
    (folder / "log4j2.properties").write_text("rootLogger.level = error\n")
    command = [sys.executable, "-m", "kido", "determine", str(table), "--on-spark", "-o", str(into), "--lang", "en"]
    environment = {**os.environ, **QUIET, "SPARK_CONF_DIR": str(folder)}
    environment.pop("PYSPARK_PYTHON", None)  # people do not set it
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_on_the_cores_at_hand(table, here, tmp_path):
    done = determine(table, tmp_path / "out.parquet", spark_master="local[2]", spark_ui_enabled="false")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "600 rows = " in done.stdout
    assert read(tmp_path / "out.parquet") == here
    assert not list(tmp_path.glob(".out*"))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A master and a worker, each a process of its own."""
    folder = tmp_path_factory.mktemp("cluster")
    start = Path(pyspark.__file__).parent / "bin" / "spark-class"
    environment = {**os.environ, **QUIET, "SPARK_HOME": str(start.parents[1]), "PYSPARK_PYTHON": sys.executable}
    log = (folder / "master.log").open("w")
    places = ["--host", "127.0.0.1", "--port", "0", "--webui-port", "0"]
    master = subprocess.Popen([start, "org.apache.spark.deploy.master.Master", *places], stdout=log, stderr=log, env=environment)
    processes = [master]
    try:
        address = wait_for(folder / "master.log", r"Starting Spark master at (spark://\S+)")
        command = [start, "org.apache.spark.deploy.worker.Worker", *places, "-c", "2", "-m", "2g", "-d", str(folder / "work"), address]
        worker_log = (folder / "worker.log").open("w")
        processes.append(subprocess.Popen(command, stdout=worker_log, stderr=worker_log, env=environment))
        wait_for(folder / "worker.log", "Successfully registered with master (spark)")
        yield address
    finally:
        for process in processes:
            process.terminate()
            process.wait(20)


def wait_for(log: Path, pattern: str) -> str:
    for _ in range(240):
        if found := re.search(pattern, log.read_text(errors="replace") if log.exists() else ""):
            return found[1]
        time.sleep(0.25)
    raise AssertionError(log.read_text()[-2000:])


def test_on_a_cluster_of_two_processes(table, here, tmp_path, cluster):
    settings = {"spark_master": cluster, "spark_ui_enabled": "false", "spark_driver_host": "127.0.0.1", "spark_executor_memory": "1g"}
    done = determine(table, tmp_path / "out.parquet", **settings)
    assert done.returncode == 0, done.stderr[-2000:]
    assert read(tmp_path / "out.parquet") == here


def test_what_spark_cannot_read_is_told(tmp_path):
    (tmp_path / "a.csv").write_text("form\nmagnet\n", encoding="utf-8")
    for source, into, code in (
        (tmp_path / "a.csv", "out.parquet", "spark-needs-parquet"),
        (tmp_path / "a.parquet", "out.csv", "unknown-output-kind"),
        (tmp_path / "none.parquet", "out.parquet", "spark-failed"),
    ):
        with pytest.raises(KidoError) as error:
            kido.on_spark(str(source), str(tmp_path / into))
        assert [problem.code for problem in error.value.problems] == [code]
