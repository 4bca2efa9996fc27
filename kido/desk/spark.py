"""A table judged on an existing Spark cluster: Spark hands out Arrow batches, each is judged as columns, the register is broadcast.

    on_spark(source, into, …)  -> Batch

No cluster code of our own: master, memory and cores are Spark's own settings (spark-submit, spark-defaults.conf, SPARK_MASTER);
without any it runs on the cores at hand. Every machine needs `kido[spark]`. Needs the extra `kido[spark]` and Java.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kido.decide.columns import Columns, stated_facts
from kido.desk.batches import Batch, Telling, told_by
from kido.desk.days import as_date
from kido.errors import KidoError, Problem
from kido.register import store

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyspark.sql import DataFrame, SparkSession

BATCH = 100_000  # rows of an Arrow batch
KIND, ROW_PLACE = "kind", "place"
_SETTINGS = {
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(BATCH),
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
}


def on_spark(
    source: str, into: str, on: date | str | None = None, known_on: date | str | None = None, columns: Telling | None = None,
    facts: Mapping[str, str] | None = None, otherwise: date | str | None = None, session: SparkSession | None = None,
) -> Batch:  # fmt: skip
    """Judge every row of a Parquet table that Spark can read: a file, a folder, or an address of its own (hdfs:, s3a:).

    Parameters
    ----------
    into : a folder to write; `NAME.measures` and `NAME.rejected` are written beside it, all as Parquet
    session : a session of your own; made from Spark's settings if left out

    Raises
    ------
    KidoError : Spark or Java is missing, the table cannot be read, the output cannot be written
    """
    if "://" not in into and Path(into).suffix.casefold() not in ("", ".parquet"):
        raise KidoError(Problem("unknown-output-kind", "--output", into, {"values": ".parquet"}))
    if Path(source).suffix.casefold() not in ("", ".parquet"):
        raise KidoError(Problem("spark-needs-parquet", source, source))
    spark = session or _session()
    from pyspark import StorageLevel
    from pyspark.errors import PySparkException
    from pyspark.sql import functions as f

    try:
        table = spark.read.parquet(source)
        told = told_by(columns, table.columns, source)
        told = replace(told, stated=stated_facts(facts or {}, store.terms()))
        numbered = table.select(
            f.concat_ws(":", f.col("_metadata.file_name"), (f.col("_metadata.row_index") + 1).cast("string")).alias(ROW_PLACE),
            *(f.col(f"`{name.replace('`', '``')}`").alias(str(number)) for number, name in enumerate(told.header)),
        )
        law = spark.sparkContext.broadcast((store.register(), store.terms()))
        days = as_date(on, "on"), as_date(known_on, "known_on"), as_date(otherwise, "on")
        judged = numbered.mapInArrow(_judge(told, law, days), _schema()).persist(StorageLevel.DISK_ONLY)
        try:
            files = _written(judged, into)
            answers = {row["answer"]: row["count"] for row in judged.where(f.col(KIND) == "answers").groupBy("answer").count().collect()}
            rejected = judged.where(f.col(KIND) == "rejected").select(ROW_PLACE).distinct().count()
        finally:
            judged.unpersist()
    except PySparkException as error:
        raise KidoError(Problem("spark-failed", source, "", {"why": str(error).splitlines()[0][:300]})) from None
    rows = sum(answers.values()) + rejected
    return Batch(rows, rows - rejected, rejected, answers, files, told)


def _session() -> SparkSession:
    try:
        import pyarrow  # noqa: F401
        from pyspark.sql import SparkSession
    except ImportError:
        raise KidoError(Problem("extra-missing", "--on-spark", "pyspark", {"extra": "spark"})) from None
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise KidoError(Problem("java-missing", "--on-spark", "java"))
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # Spark runs a process for each core
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # Spark's own default is whatever python3 comes first, without kido
    building = SparkSession.builder.appName("kido")
    for name, value in _SETTINGS.items():
        building = building.config(name, value)
    return building.getOrCreate()


def _columns() -> dict[str, tuple[str, ...]]:
    from kido.decide.batch import REJECTED
    from kido.decide.told import MEASURES, SUMMARY

    return {"answers": SUMMARY, "measures": MEASURES, "rejected": REJECTED}


def _schema() -> str:
    every = dict.fromkeys(name for names in _columns().values() for name in names)
    return ", ".join(f"`{name}` string" for name in (KIND, *every))


def _judge(told: Columns, law: object, days: tuple[date | None, date | None, date | None]) -> Callable:
    """What a worker does with its batches; the sheet is laid out once for each task."""

    def judge(batches: Iterable[RecordBatch]) -> Iterator[RecordBatch]:
        import polars as pl

        from kido.decide.batch import Batch as Judging

        register, terms = law.value
        judging = Judging(told, register, terms, *days)
        names = dict.fromkeys(name for some in _columns().values() for name in some)
        for batch in batches:
            piece = judging.piece(pl.from_arrow(batch))
            for kind, frames in (("answers", (piece.summary,)), ("measures", piece.measures), ("rejected", (piece.rejected,))):
                for frame in frames:
                    texts = {
                        name: pl.col(name).cast(pl.String) if name in frame.columns else pl.lit(None, dtype=pl.String) for name in names
                    }
                    whole = frame.select(pl.lit(kind).alias(KIND), **texts)
                    yield from whole.to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches()

    return judge


def _written(judged: DataFrame, into: str) -> tuple[Path, ...]:
    """Three tables. On a file system of this machine each is put into its place when it is whole; elsewhere Spark marks it with _SUCCESS."""
    base = into.removesuffix(".parquet")
    files = []
    for kind, names in _columns().items():
        place = f"{base}.parquet" if kind == "answers" else f"{base}.{kind}.parquet"
        table = judged.where(judged[KIND] == kind).select(*names)
        if "://" in place:
            table.write.mode("overwrite").parquet(place)
        else:
            path = Path(place).resolve()
            beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
            shutil.rmtree(beside, ignore_errors=True)
            try:
                table.write.parquet(beside.as_uri())
                for mark in beside.iterdir():
                    if mark.suffix != ".parquet":  # sums and marks of Spark's own: the folder is put into its place whole
                        mark.unlink()
                if path.is_dir():
                    shutil.rmtree(path)
                beside.replace(path)
            finally:
                shutil.rmtree(beside, ignore_errors=True)
        files.append(Path(place))
    return tuple(files)
