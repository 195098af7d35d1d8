"""Whom a row of a people's file is about, by the wording of its role: teachers apart from everyone else.

000 counts users with the role «Сотрудник», 001 those with the role «учитель», the cabinet writes `teacher` (004).
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import pandas as pd

from sferum_core.reading.wording import plain

ROLE_MISSING = "роль не указана"
_TEACHER = re.compile(
    r"\bteacher|\bstaff\b|\bemployee|\beducator|учител|педагог|воспитател|преподавател|\bсотрудни|\bработник"
    r"|\bтьютор|\bпсихолог|\bлогопед|\bдефектолог|\bметодист|\bдиректор|\bзаведующ|\bзавуч|\bруководител|\bмедсестр"
)
# «бывший сотрудник», «внешний участник», «родитель», whatever else their role says
_NOT_TEACHER = re.compile(
    r"\bне(?:\s|-)?(?:учител|педагог|сотрудн)|\bбывш|\bвнешн|\bуволен|\bexternal|\bformer|\bguest|\bгост[ьи]"
    r"|\bродител|\bзаконн|\bparent|\bученик|\bучени[цч]|\bучащ|\bобуча|\bвоспитанни|\bстудент|\bstudent|\bpupil"
)

_PARTS = re.compile(r"[,;/+|]|\sи\s")


@lru_cache(maxsize=2_000)
def is_teacher_role(text: str) -> bool:
    """Whether a role's wording names a teacher or another member of the staff."""
    parts = _PARTS.split(plain(text))  # «Учитель, родитель» is a teacher too
    return any(_TEACHER.search(part) and not _NOT_TEACHER.search(part) for part in parts)


def teacher_rows(table: pd.DataFrame) -> np.ndarray:
    """Which rows are about teachers; all of them when the table states no role at all."""
    if "role" not in table.columns or not table["role"].notna().any():
        return np.ones(len(table), dtype=bool)
    roles = table["role"].astype("str")
    answers = {role: is_teacher_role(role) for role in roles.dropna().unique()}
    return roles.map(answers).eq(True).fillna(False).to_numpy(dtype=bool)


def other_roles(table: pd.DataFrame) -> pd.DataFrame:
    """Rows that are not about teachers, counted by wording (`role`, `people`), most frequent first."""
    apart = table[~teacher_rows(table)]
    if not len(apart):
        return pd.DataFrame({"role": pd.array([], dtype="str"), "people": pd.array([], dtype="Int64")})
    counts = apart["role"].astype("str").str.strip().fillna(ROLE_MISSING).value_counts()
    return pd.DataFrame(
        {
            "role": pd.array(counts.index.tolist(), dtype="str"),
            "people": pd.array(counts.to_numpy(), dtype="Int64"),
        }
    )
