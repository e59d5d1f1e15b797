"""Spark, for real: in one process, and with a master and two workers of which one is killed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import allonym
import pytest
from conftest import flat

pyspark = pytest.importorskip("pyspark")
pytest.importorskip("pyarrow")

from cluster import Cluster, environment  # noqa: E402
from pyspark.sql import DataFrame, Row, SparkSession  # noqa: E402

from allonym import spark as on_spark  # noqa: E402

os.environ.update(environment())


def session(master: str) -> SparkSession:
    builder = SparkSession.builder.master(master).appName("allonym")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.executor.memory": "700m",
        "spark.sql.shuffle.partitions": "4",
        "spark.python.worker.faulthandler.enabled": "true",
    }.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    made = session("local[2]")
    yield made
    made.stop()


def plain(row: Row) -> dict[str, Any]:
    return row.asDict(recursive=True)


def by_place(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["doc"], row["start"]))


def test_mentions_are_those_of_the_command_line_whatever_the_partitions(
    spark: SparkSession, documents: list[dict[str, str]], told: list[dict[str, Any]]
) -> None:
    wanted = by_place(map(flat, told))
    frame = spark.createDataFrame(documents)
    for partitions in (1, 7):
        found = on_spark.tag(frame.repartition(partitions), "text", id="id").collect()
        assert by_place(map(plain, found)) == wanted


def test_options_travel_and_null_texts_have_no_mentions(spark: SparkSession, gazetteer: allonym.Gazetteer) -> None:
    frame = spark.createDataFrame([(1, "Springfield is far."), (2, None), (3, "Baku")], "n long, `a.text` string")
    found = by_place(map(plain, on_spark.tag(frame, "a.text", id="n", country="US", label="as-written").collect()))
    alone = gazetteer.tag("Springfield is far.", country="US", label="as-written")
    assert [(row["doc"], row["id"], row["label"]) for row in found] == [
        *((1, mention.id, mention.label) for mention in alone),
        (3, "gn:587084", "Baku"),
    ]


def test_columns_become_ids_by_their_distinct_values(spark: SparkSession, gazetteer: allonym.Gazetteer) -> None:
    import pyarrow as pa

    rows = [(n, town, land) for n in range(50) for town, land in
            [("Kiev", "Ukraine"), ("Paris", "US"), ("Paris", None), (None, "US"), ("Qqzzxx", "US"), ("Baku", None)]]  # fmt: skip
    frame = spark.createDataFrame(rows, "n int, town string, land string").repartition(5)
    made = on_spark.normalize(frame, "town", country="land", add="population", candidates=2)
    alone = gazetteer.normalize_table(
        pa.Table.from_pylist([dict(zip(("n", "town", "land"), row)) for row in rows]),
        "town",
        country="land",
        add="population",
        candidates=2,
        context="row",
    )
    assert made.columns == alone.column_names

    def order(row: dict[str, Any]) -> tuple[str, ...]:
        return tuple(str(row[name]) for name in ("n", "town", "land"))

    assert sorted(map(plain, made.collect()), key=order) == sorted(alone.to_pylist(), key=order)


def test_what_is_wrong_is_told_before_anything_runs(spark: SparkSession) -> None:
    frame = spark.createDataFrame([("a", "b")], "id string, town string")
    with pytest.raises(allonym.ColumnError, match="no column 'text'; the columns are id, town"):
        on_spark.tag(frame, "text", id="id")
    with pytest.raises(allonym.ColumnError, match="'land'"):
        on_spark.normalize(frame, "town", country="land")
    with pytest.raises(ValueError, match="unknown country"):
        on_spark.tag(frame, "town", id="id", country="Nowhereland")
    with pytest.raises(TypeError, match="no option 'colour'"):
        on_spark.tag(frame, "town", id="id", colour="red")
    with pytest.raises(ValueError, match="another prefix"):
        on_spark.normalize(frame.withColumnRenamed("id", "town_id"), "town")
    with pytest.raises(allonym.GazetteerError, match="there is no index"):
        on_spark.tag(frame, "town", id="id", index="/no/such/index")


def slowly(frame: DataFrame) -> DataFrame:
    """The same rows, half a second a partition."""

    def wait(batches: Iterable[Any]) -> Iterator[Any]:
        time.sleep(0.5)
        yield from batches

    return frame.mapInArrow(wait, frame.schema)


def test_a_cluster_loses_a_worker_and_answers_the_same(
    documents: list[dict[str, str]], told: list[dict[str, Any]], tmp_path: Path
) -> None:
    active = SparkSession.getActiveSession()
    if active is not None:
        active.stop()
    wanted = by_place(map(flat, told))
    with Cluster(tmp_path) as cluster:
        spark = session(cluster.url)
        try:
            frame = spark.createDataFrame(documents).repartition(12)
            assert by_place(map(plain, on_spark.tag(frame, "text", id="id").collect())) == wanted
            found: list[Row] = []
            job = threading.Thread(target=lambda: found.extend(on_spark.tag(slowly(frame), "text", id="id").collect()))
            job.start()
            tracker = spark.sparkContext.statusTracker()

            def is_under_way() -> bool:
                stages = (tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds())
                return any(stage and stage.numTasks == 12 and 2 <= stage.numCompletedTasks < 8 for stage in stages)

            while job.is_alive() and not is_under_way():
                time.sleep(0.02)
            assert job.is_alive(), "the job was over before a worker could be killed"
            cluster.kill(1)
            job.join(timeout=240)
            assert by_place(map(plain, found)) == wanted
        finally:
            spark.stop()
