"""What one case of a benchmark found."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Result:
    """`floor` is the least that the same work can cost on this machine, measured in the same run.

    `ratio` is value / floor, and `goal` says in words what `ok` was judged by.
    """

    bench: str
    case: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    goal: str = ""
    ok: bool = True

    def line(self) -> str:
        floor = "" if self.floor is None else f"floor {self.floor:,.4g}"
        ratio = "" if self.ratio is None else f"x {self.ratio:,.2f}"
        verdict = "ok" if self.ok else "MISSED"
        value = f"{self.value:,.4g} {self.unit}"
        return f"{self.bench:10} {self.case:38} {value:>18} {floor:>16} {ratio:>9}  {self.goal:28} {verdict}"

    def json(self) -> str:
        return json.dumps(asdict(self))
