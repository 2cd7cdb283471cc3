"""The count of every party and category on a day, by pandas from the CSV files.

python with_pandas.py FOLDER DAY
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd


def files(folder: Path, name: str) -> pd.DataFrame:
    """Return all files of a kind as one table of text."""
    parts = [pd.read_csv(path, dtype=str) for path in sorted(folder.glob(f"{name}-*.csv"))]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["ref"])


def counted(folder: Path, day: str) -> dict[str, list[int]]:
    """Return the lowest and the highest count by party and category."""
    declared = files(folder, "declarations")
    declared = declared[declared["as_of"] <= day]
    since = declared.groupby(["party", "category"], as_index=False)["as_of"].max()
    declared = declared.merge(since, on=["party", "category", "as_of"])
    declared["low"] = declared["high"] = declared["quantity"].astype(int)
    since = since.rename(columns={"as_of": "since"})

    written, corrected = files(folder, "movements"), files(folder, "corrections")
    moved = pd.concat([written[~written["ref"].isin(corrected["ref"])], corrected])
    moved = moved[moved["state"] == "done"].drop(columns="category")
    moved["first"], moved["last"] = moved["date"].str[:10], moved["date"].str[-10:]
    moved = moved[(moved["first"] <= day)]
    span = moved["quantity"].str.partition("..")
    low = span[0].astype(int)
    high = span[2].where(span[2] != "", span[0]).astype(int)
    moved = moved.assign(least=low, most=high).merge(
        pd.read_csv(folder / "types.csv", dtype=str), on="type"
    )
    for end in ("from", "to"):
        party = moved[end].str.partition(":")[0]
        moved[end] = party.where(~party.str.startswith("@"), "")
    moved = moved[moved["from"] != moved["to"]]

    parts = [declared[["party", "category", "low", "high"]]]
    for end, sign, weak in (
        ("to", 1, ["estimate", "press"]),
        ("from", -1, ["official", "estimate", "press"]),
    ):
        leg = moved.rename(columns={end: "party"}).merge(since, on=["party", "category"])
        leg = leg[leg["last"] > leg["since"]]
        certain = (leg["first"] > leg["since"]) & (leg["last"] <= day) & ~leg["basis"].isin(weak)
        least, most = leg["least"].where(certain, 0), leg["most"]
        low, high = (least, most) if sign > 0 else (-most, -least)
        parts.append(leg[["party", "category"]].assign(low=low, high=high))
    sums = pd.concat(parts).groupby(["party", "category"])[["low", "high"]].sum().clip(lower=0)
    return {"/".join(name): [int(a), int(b)] for name, (a, b) in zip(
        sums.index, sums.to_numpy(), strict=True)}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(counted(Path(sys.argv[1]), sys.argv[2])))  # noqa: T201
