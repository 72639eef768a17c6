"""What study.yml and the command line say of how coding is run: where, with how many, in what pieces."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

PARTITION = 10_000  # articles
TEXT = 40_000_000  # bytes of text of a partition, for articles that are longer than those of newspapers
# What a process takes: so much for the program, and so much for each byte of the text that it codes.
PROGRAM, EACH = 400_000_000, 50
_LEAST = 1_000_000  # bytes of text of a partition, below which the work is all beginnings
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40}


def parse_size(value: Any) -> Any:
    """``2GB``, ``1.5 GiB``, ``800M`` or a number as bytes. Raises ValueError where it is no size."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([kmgt]i?)?b?\s*", value, re.IGNORECASE)
    if not found:
        raise ValueError("is no size such as 2GB, 1.5GiB or 800MB")
    return int(float(found[1]) * _UNITS[(found[2] or "").lower()])


class Engine(BaseModel):
    """How the articles of a study are coded. Nothing here changes what is found.

    * ``kind``: ``in-process``, ``processes`` of this machine, or ``dask``; by default what the other keys ask for.
    * ``workers``: how many. ``address``: of a Dask scheduler; without one, kind dask starts a cluster on this machine.
    * ``memory_limit``: what each worker may take. Partitions are made small enough for it.
    * ``partition``: articles that are coded in one piece. ``retries``: how often a piece that fails is tried again.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["in-process", "processes", "dask"] | None = None
    workers: Annotated[int, Field(ge=1)] | None = None
    address: Annotated[str, Field(pattern=r"^[a-z]+://.+$")] | None = None
    memory_limit: Annotated[int, BeforeValidator(parse_size)] | None = None
    partition: Annotated[int, Field(ge=1)] | None = None
    retries: Annotated[int, Field(ge=0)] = 2

    @model_validator(mode="after")
    def _agrees(self) -> Engine:
        if self.address and self.kind not in (None, "dask"):
            raise ValueError(f"address goes with kind dask, not {self.kind}")
        least = PROGRAM + EACH * _LEAST
        if self.memory_limit is not None and self.memory_limit < least:
            raise ValueError(f"memory_limit is {self.memory_limit / 1e6:,.0f} MB; at least {least / 1e6:,.0f} MB")
        return self

    @property
    def way(self) -> str:
        """The kind, where none is named: dask for an address, processes for several workers or a limit of memory."""
        if self.kind:
            return self.kind
        if self.address:
            return "dask"
        return "processes" if (self.workers or 1) > 1 or self.memory_limit else "in-process"

    @property
    def limits(self) -> tuple[int, int] | None:
        """The most articles and bytes of text of a partition; None where nothing is asked for."""
        if self.partition is None and self.memory_limit is None:
            return None
        text = TEXT if self.memory_limit is None else min((self.memory_limit - PROGRAM) // EACH, TEXT)
        return self.partition or PARTITION, text

    def changed(self, **given: Any) -> Engine:
        """These settings with others in their place where those are given (not None)."""
        asked = {name: value for name, value in given.items() if value is not None}
        return Engine.model_validate({**self.model_dump(exclude_none=True), **asked})
