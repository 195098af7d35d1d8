"""The summary workbook of a week: statuses by type and by municipality, rankings with their charts."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sferum_core.model import OrganizationType, Status
from sferum_core.norms import Level, NormProfile
from sferum_core.reports.book import Book, Chart, Column, ReportMeta, Sheet
from sferum_core.reports.columns import STATUSES, indicator_header, plain, text
from sferum_core.reports.comparison import ranking_columns
from sferum_core.reports.organizations import by_municipality, summary_columns, waiting_notes
from sferum_core.reports.workbook import write_workbook

ALL_TYPES = "Все типы"
_KEYS: dict[str, str] = {
    OrganizationType.PRESCHOOL: "preschool",
    OrganizationType.SCHOOL: "school",
    OrganizationType.VOCATIONAL: "vocational",
    OrganizationType.EXTRACURRICULAR: "extracurricular",
    OrganizationType.TRAINING: "training",
    OrganizationType.OTHER: "other",
}


def judged_types(assessed: pd.DataFrame, profile: NormProfile) -> list[str]:
    """Types in the table that the profile judges at the level of municipalities by a rule of their own."""
    if "organization_type" not in assessed.columns:
        return []
    present = set(assessed["organization_type"].dropna())
    found = []
    for kind in OrganizationType:
        rule = profile.rule(Level.MUNICIPALITY, kind, profile.main_indicator)
        if str(kind) in present and rule is not None and rule.types:
            found.append(str(kind))
    return found


def _totals(words: pd.DataFrame, statuses: list[Status]) -> pd.DataFrame:
    types = (
        words["organization_type"].astype("str").fillna("тип не определён")
        if "organization_type" in words.columns
        else pd.Series("тип не определён", index=words.index, dtype="str")
    )
    table = pd.crosstab(types, words["status"]).reindex(
        columns=[status.value for status in statuses], fill_value=0
    )
    order = {str(kind): place for place, kind in enumerate(OrganizationType)}
    table = table.loc[sorted(table.index, key=lambda kind: (order.get(str(kind), 99), str(kind)))]
    table.insert(0, "total", types.value_counts().reindex(table.index))
    table.loc[ALL_TYPES] = table.sum()
    return table.rename_axis("type").reset_index()


def ranking_sheet(
    comparison: pd.DataFrame, indicator: str, key: str, name: str, title: str, note: str = ""
) -> Sheet:
    """Municipalities from the first place down, and the same as bars on the next sheet."""
    columns = ranking_columns(comparison, indicator, [text("municipality", "Муниципалитет", 36)], brief=True)
    is_judged = (comparison["status"] != Status.NO_NORM.value).any()
    chart = Chart(f"График. {name}", title, "municipality", "share", "status" if is_judged else None)
    return Sheet(key, name, title, columns, comparison, note=note, chart=chart)


def summary_workbook(
    words: pd.DataFrame,
    profile: NormProfile,
    meta: ReportMeta,
    comparison: pd.DataFrame,
    region: pd.Series,
    by_type: Mapping[str, pd.DataFrame],
) -> bytes:
    """`words` comes from `with_words`; `comparison` and `by_type` from `compare_municipalities` by the main
    indicator, all types together and one type each; `region` from `region_total`."""
    indicator = profile.main_indicator
    header = indicator_header(indicator).removesuffix(", %")
    used = [status for status in Status if (words["status"] == status.value).any()]
    totals = _totals(words, used) if len(words) else pd.DataFrame(columns=["type", "total"])
    status_columns = [plain(status.value, f"«{status.label}», ед.", "count", width=14) for status in used]
    type_columns: list[Column] = [
        text("type", "Тип организаций", 24),
        plain("total", "Организаций всего, ед.", "count", width=14),
        *status_columns,
    ]
    whole = pd.DataFrame([region]).assign(municipality=meta.region or "Регион")
    sheets = [
        Sheet("totals", "Итоги", "Организации по типам и статусам", type_columns, totals),
        Sheet(
            "statuses",
            "По муниципалитетам",
            "Статусы организаций по муниципалитетам",
            summary_columns(used, "Организаций всего, ед."),
            by_municipality(words, used),
        ),
        ranking_sheet(
            comparison,
            indicator,
            "ranking",
            "Рейтинг",
            f"{header}: муниципалитеты, все типы организаций",
            "Доля – отношение сумм по организациям, а не среднее долей. Норма для всех типов вместе задана "
            "не в каждом профиле.",
        ),
    ]
    for kind, ranking in by_type.items():
        sheets.append(
            ranking_sheet(
                ranking,
                indicator,
                f"ranking_{_KEYS.get(kind, 'type')}",
                f"Рейтинг {kind}",
                f"{header}: муниципалитеты, {kind}",
            )
        )
    columns = [
        column
        for column in ranking_columns(whole, indicator, [text("municipality", "Муниципалитет", 36)])
        if "rank" not in column.key
    ]
    sheets.append(Sheet("region", "Регион", f"{header}: регион в целом", columns, whole))
    return write_workbook(Book(meta, sheets, STATUSES, waiting_notes(words)))
