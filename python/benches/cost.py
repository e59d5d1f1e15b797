"""What it costs to tag a corpus from Python and on Spark: start-up, documents a second, memory.

    python benches/cost.py CORPUS.jsonl [TIMES]

The corpus is one document a line (`id`, `text`); it is taken so many times. Prints one line a figure. Each way runs in a
process of its own; Spark's are warmed by a first run over a hundredth of the corpus.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "tests"))


def corpus(path: str, times: int) -> Any:
    import pyarrow as pa

    with open(path, encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    texts = texts * times
    return pa.table({"id": pa.array(range(len(texts)), pa.int64()), "text": texts})


def memory(pid: int | str = "self") -> dict[str, float]:
    """Megabytes: what is resident, and what of that no file backs (the index is a file that processes share)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return {name: int(re.search(rf"{name}:\s+(\d+)", status)[1]) / 1024 for name in ("VmHWM", "VmRSS", "RssAnon", "RssFile")}  # type: ignore[index]


def told(way: str, **figures: float) -> None:
    print(way, *(f"{name}={figure:.4g}" for name, figure in figures.items()), flush=True)


def alone(way: str, path: str, times: int) -> None:
    before = memory()["RssAnon"]
    began = time.perf_counter()
    import allonym

    gazetteer = allonym.Gazetteer(jobs=2 if way == "batch2" else 1)
    gazetteer.lookup("Baku")
    opened = time.perf_counter() - began
    opening = memory()["RssAnon"] - before
    table = corpus(path, times)
    texts: list[str] = table["text"].to_pylist()
    held = memory()["RssAnon"]
    size = sum(len(text.encode()) for text in texts) / 1e6
    began = time.perf_counter()
    if way == "objects":
        found = sum(len(gazetteer.tag(text)) for text in texts)
    elif way == "many":
        found = sum(map(len, gazetteer.tag_many(texts)))
    else:
        found = gazetteer.tag_batch(table, "text", id="id").num_rows
    took = time.perf_counter() - began
    told(f"python {way}", opened=opened, documents=len(texts) / took, megabytes=size / took, mentions=found,
         anonymous=memory()["RssAnon"] - held, opening=opening)  # fmt: skip


def on_spark(way: str, path: str, times: int) -> None:
    from cluster import Cluster, environment

    os.environ.update(environment())
    from pyspark.sql import SparkSession

    from allonym.spark import tag

    def run(master: str) -> None:
        began = time.perf_counter()
        builder = SparkSession.builder.master(master).config("spark.ui.enabled", "false")
        for name, value in {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
                            "spark.driver.memory": "2g", "spark.executor.memory": "1g"}.items():  # fmt: skip
            builder = builder.config(name, value)
        spark = builder.getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        session = time.perf_counter() - began
        with tempfile.TemporaryDirectory() as folder:
            import pyarrow.parquet as pq

            table = corpus(path, times)
            pq.write_table(table, f"{folder}/corpus.parquet", row_group_size=max(table.num_rows // 16, 1))
            frame = spark.read.parquet(f"{folder}/corpus.parquet").repartition(16).cache()
            documents = frame.count()

            def work(frame: Any, passing: bool) -> float:
                began = time.perf_counter()
                if passing:
                    def same(batches: Iterable[Any]) -> Iterator[Any]:
                        yield from batches

                    made = frame.mapInArrow(same, frame.schema)
                else:
                    made = tag(frame, "text", id="id")
                made.write.format("noop").mode("overwrite").save()
                return time.perf_counter() - began

            first = work(frame.limit(2), False)
            work(frame.sample(0.02), False)
            took, passed = work(frame, False), work(frame, True)
            processes = subprocess.run(["pgrep", "-f", "pyspark.daemon|pyspark.worker"], capture_output=True, text=True)
            held = [memory(pid) for pid in processes.stdout.split()]
            most = max(held, key=lambda one: one["RssAnon"], default={"RssAnon": 0.0, "RssFile": 0.0})
            told(f"spark {way}", session=session, first=first, documents=documents / took, took=took, passed_through=passed,
                 worker_anonymous=most["RssAnon"], worker_mapped=most["RssFile"])  # fmt: skip
        spark.stop()

    if way == "local2":
        run("local[2]")
    else:
        with tempfile.TemporaryDirectory() as folder, Cluster(Path(folder), memory="2g") as cluster:
            run(cluster.url)


def main() -> None:
    path, times = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
    if len(sys.argv) > 3:
        kind, way = sys.argv[3].split("-")
        (alone if kind == "python" else on_spark)(way, path, times)
        return
    for way in ("python-objects", "python-many", "python-batch1", "python-batch2", "spark-local2", "spark-two"):
        subprocess.run([sys.executable, __file__, path, str(times), way], check=True)


if __name__ == "__main__":
    main()
