"""The count of every party and category on a day, by DuckDB from the CSV files.

python with_duckdb.py FOLDER DAY
"""

from __future__ import annotations

import json
import sys

import duckdb

SQL = """
WITH corrected AS (SELECT * FROM read_csv('{folder}/corrections-*.csv', all_varchar = true)),
written AS (SELECT * FROM read_csv('{folder}/movements-*.csv', all_varchar = true)),
in_force AS (
  SELECT * FROM written WHERE ref NOT IN (SELECT ref FROM corrected)
  UNION ALL BY NAME SELECT * FROM corrected
),
told AS (
  SELECT type, basis,
         CAST(date[1:10] AS DATE) AS first, CAST(right(date, 10) AS DATE) AS last,
         CAST(split_part(quantity, '..', 1) AS INTEGER) AS low,
         CAST(coalesce(nullif(split_part(quantity, '..', 2), ''), quantity) AS INTEGER) AS high,
         CASE WHEN "from"[1] = '@' THEN '' ELSE split_part("from", ':', 1) END AS leaves,
         CASE WHEN "to"[1] = '@' THEN '' ELSE split_part("to", ':', 1) END AS enters
  FROM in_force WHERE state = 'done'
),
declared AS (
  SELECT party, category, max(CAST(as_of AS DATE)) AS day
  FROM read_csv('{folder}/declarations-*.csv', all_varchar = true)
  WHERE CAST(as_of AS DATE) <= DATE '{day}' GROUP BY ALL
),
bearing AS (
  SELECT *, leaves <> enters AND first <= DATE '{day}' AS moved FROM told
),
changes AS (
  SELECT enters AS party, types.category,
         CASE WHEN first > d.day AND last <= DATE '{day}' AND basis NOT IN ('estimate', 'press')
              THEN low ELSE 0 END AS low, high
  FROM bearing JOIN read_csv('{folder}/types.csv') AS types USING (type)
       JOIN declared AS d ON d.party = enters AND d.category = types.category
  WHERE moved AND last > d.day
  UNION ALL
  SELECT leaves, types.category, -high,
         CASE WHEN first > d.day AND last <= DATE '{day}'
                   AND basis IN ('declared', 'notified', 'relayed', 'observed')
              THEN -low ELSE 0 END
  FROM bearing JOIN read_csv('{folder}/types.csv') AS types USING (type)
       JOIN declared AS d ON d.party = leaves AND d.category = types.category
  WHERE moved AND last > d.day
  UNION ALL
  SELECT h.party, h.category, CAST(h.quantity AS INTEGER), CAST(h.quantity AS INTEGER)
  FROM read_csv('{folder}/declarations-*.csv', all_varchar = true) AS h
       JOIN declared AS d ON h.party = d.party AND h.category = d.category
                         AND CAST(h.as_of AS DATE) = d.day
)
SELECT party || '/' || category, greatest(sum(low), 0), greatest(sum(high), 0)
FROM changes GROUP BY ALL
"""

if __name__ == "__main__":
    folder, day = sys.argv[1:]
    rows = duckdb.sql(SQL.format(folder=folder, day=day)).fetchall()
    print(json.dumps({name: [int(low), int(high)] for name, low, high in rows}))  # noqa: T201
