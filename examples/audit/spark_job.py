"""Audit a CSV file on Spark: python spark_job.py history.csv map.yaml."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql import functions as f
from pyspark.sql.types import LongType, StructField, StructType

from postinterview.audit import load_map
from postinterview.audit.bulk import audit_batch, employers, merge

path, by = sys.argv[1], load_map(sys.argv[2])


def keyed(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield batch.append_column("employer_key", employers(batch, by))


def audited(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    part = audit_batch(list(batches), by, line="line", name=path)
    yield pa.RecordBatch.from_pydict({"part": [pickle.dumps(part)]})


spark = SparkSession.builder.getOrCreate()
rows = spark.read.csv(path, header=True)  # every column is a text
lines = rows.rdd.zipWithIndex().map(lambda pair: (*pair[0], pair[1] + 2))
numbered = spark.createDataFrame(lines, StructType([*rows.schema.fields, StructField("line", LongType())]))
key = StructType([*numbered.schema.fields, StructField("employer_key", rows.schema.fields[0].dataType)])
parts = (
    numbered.mapInArrow(keyed, key)
    .repartition(8, f.coalesce("employer_key", f.lit("")))
    .mapInArrow(audited, "part binary")
)
answer = merge((pickle.loads(row.part) for row in parts.toLocalIterator()), by)  # noqa: S301 - made above
print(answer.counts)
print({kind: count for kind, count in answer.found.items() if count})
