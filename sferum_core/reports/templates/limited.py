"""Runs a template's child process in a scratch folder and takes its answer with care."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sferum_core.model import Limits, UnreadableFile
from sferum_core.reading.open import run_limited
from sferum_core.reports.templates.refusals import REFUSALS, refuse_template

OUTPUT_BYTES = 20 << 20
_ANSWER_BYTES = 1 << 20
_CODES = {
    "reader_too_slow": "too_slow",
    "too_slow": "too_slow",
    "too_demanding": "too_demanding",
    "busy": "busy",
}


def run_child(
    module: str, template: bytes, name: str, task: Mapping[str, Any], outputs: Sequence[str], limits: Limits
) -> tuple[dict[str, Any], list[bytes]]:
    """The child's answer and the files it made. Raises UnreadableFile, the child's refusal among others.

    A refusal that needs words of its own comes as `ChildRefusal`.
    """
    with tempfile.TemporaryDirectory(prefix="sferum-template-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        (folder / name).write_bytes(template)
        whole = {**task, "limits": limits.model_dump()}
        (folder / "task.json").write_text(json.dumps(whole), encoding="ascii")
        try:
            run_limited(module, folder, limits)
        except UnreadableFile as error:
            raise refuse_template(_CODES.get(error.code, "failed")) from None
        return _collect(folder, outputs)


class ChildRefusal(Exception):  # noqa: N818
    """The child refused: `code` and the values it gave."""

    def __init__(self, code: str, values: Mapping[str, Any]) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def _collect(folder: Path, outputs: Sequence[str]) -> tuple[dict[str, Any], list[bytes]]:
    try:
        path = folder / "answer.json"
        if path.stat().st_size > _ANSWER_BYTES:
            raise ValueError("answer too long")
        answer = json.loads(path.read_bytes())
        refused = answer.get("refused")
        if refused is not None:
            values = answer.get("values", {})
            raise ChildRefusal(
                refused if refused in REFUSALS else "failed", values if isinstance(values, dict) else {}
            )
        made = []
        for name in outputs:
            file = folder / name
            if file.stat().st_size > OUTPUT_BYTES:
                raise ValueError("output too long")
            content = file.read_bytes()
            if not content.startswith(b"PK\x03\x04"):
                raise ValueError("output is no package")
            made.append(content)
    except (OSError, ValueError, TypeError, AttributeError):
        raise refuse_template("failed") from None
    return answer, made
