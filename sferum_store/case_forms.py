"""Case forms of names an office has corrected: they hold for every later week until taken back."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

import sqlalchemy as sa

from sferum_core.names.cases import Case, CaseForms
from sferum_store.engine import Database, utc_now
from sferum_store.errors import NotSaved
from sferum_store.schema import case_forms
from sferum_store.texts import line, who


@dataclass(frozen=True)
class CaseForm:
    """One corrected form."""

    name: str
    case: Case
    form: str
    made_at: dt.datetime
    made_by: str


class CaseFormsKept:
    """Correcting forms and taking corrections back (`Store.case_forms`)."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def correct(
        self, name: str, case: Case, form: str, *, by: str = "", now: dt.datetime | None = None
    ) -> bool:
        """Write `name` in `case` as `form` from now on; False when it is so already. NotSaved for an empty form."""
        name, form = line(name, 300, "Название"), line(form, 300, "Форма названия")
        if not name or not form:
            raise NotSaved(
                "Поправка не записана: нет названия или его формы.", "Впишите форму и сохраните снова."
            )
        key = _key(name)
        with self._db.write() as connection:
            self._db.lock(connection, f"case_forms/{key}/{case.value}")
            if connection.execute(_standing(key, case)).scalars().first() == form:
                return False
            connection.execute(
                case_forms.insert().values(
                    key=key, name=name, case=case.value, form=form, made_at=now or utc_now(), made_by=who(by)
                )
            )
        return True

    def undo(self, name: str, case: Case, *, by: str = "", now: dt.datetime | None = None) -> bool:
        """Take every correction of this form back: the dictionary's form holds again. Whether there was one."""
        with self._db.write() as connection:
            changed = connection.execute(
                case_forms.update()
                .where(
                    case_forms.c.key == _key(name),
                    case_forms.c.case == case.value,
                    case_forms.c.undone_at.is_(None),
                )
                .values(undone_at=now or utc_now(), undone_by=who(by))
            )
        return bool(changed.rowcount)

    def all(self) -> list[CaseForm]:
        """What holds now, by name and case."""
        latest = (
            sa.select(sa.func.max(case_forms.c.number))
            .where(case_forms.c.undone_at.is_(None))
            .group_by(case_forms.c.key, case_forms.c.case)
        )
        query = sa.select(case_forms).where(case_forms.c.number.in_(latest)).order_by(case_forms.c.name)
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return [CaseForm(row.name, Case(row.case), row.form, row.made_at, row.made_by) for row in rows]

    def forms(self) -> CaseForms:
        """What holds now, as letters take it."""
        return CaseForms({(one.name, one.case): one.form for one in self.all()})


def _key(name: str) -> str:
    return hashlib.sha256(" ".join(name.split()).casefold().replace("ё", "е").encode()).hexdigest()


def _standing(key: str, case: Case) -> sa.Select[tuple[str]]:
    return (
        sa.select(case_forms.c.form)
        .where(case_forms.c.key == key, case_forms.c.case == case.value, case_forms.c.undone_at.is_(None))
        .order_by(case_forms.c.number.desc())
    )
