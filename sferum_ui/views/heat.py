"""«Все показатели» of «Сравнение муниципалитетов»: the heat map and the same figures as a table."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sferum_core.charts.heat import heat_map
from sferum_core.norms import NormProfile
from sferum_core.palette import Theme
from sferum_ui.cache import Dataset
from sferum_ui.components import chart, share_cells, share_column, table
from sferum_ui.components.charts import ReadyChart, ready
from sferum_ui.views import data
from sferum_ui.views.drawn import picture_of


def all_indicators(dataset: Dataset, kind: str | None) -> None:
    """The heat map and the same figures as a table."""
    heat: pd.DataFrame = data.computed(data.heat, dataset, kind)
    if heat.empty:
        st.info("Показателей, которые можно посчитать по муниципалитетам, в файле нет.")
        return
    st.caption("Чем сильнее закрашена клетка, тем ближе муниципалитет к лучшему по этому показателю.")
    with st.container(key="sf-heat"):
        chart(data.computed(heat_picture, dataset, kind, data.theme()), key="mun_heat")
    picture_of(
        heat_picture,
        dataset,
        kind,
        key="mun_heat",
        title="Все показатели по муниципалитетам",
        name=kind or "",
        about=f"тип: {kind or 'все'}",
    )
    with st.expander("То же таблицей"):
        wide: pd.DataFrame = data.computed(heat_rows, dataset, kind)
        columns = {"municipality": st.column_config.TextColumn("Муниципалитет", width=230)}
        names = dict(zip(heat["indicator"], heat["indicator_name"], strict=True))
        columns |= {code: share_column(names[code]) for code in wide.columns if code != "municipality"}
        table(wide, columns, key="_mun_heat_table", alt="Муниципалитеты по всем показателям, доли")


def heat_picture(dataset: Dataset, profile: NormProfile, kind: str | None, theme: Theme) -> ReadyChart:
    """The heat map, its specification ready to send."""
    return ready(heat_map(data.computed(data.heat, dataset, kind), theme=theme))


def heat_rows(dataset: Dataset, profile: NormProfile, kind: str | None) -> pd.DataFrame:
    """A row a municipality, a column an indicator, shares as text."""
    heat: pd.DataFrame = data.computed(data.heat, dataset, kind)
    order = heat["indicator"].drop_duplicates().tolist()
    wide = heat.drop_duplicates(["municipality", "indicator"]).pivot(
        index="municipality", columns="indicator", values="share"
    )
    return pd.DataFrame(
        {"municipality": wide.index.tolist()} | {code: share_cells(wide[code]) for code in order}
    )
