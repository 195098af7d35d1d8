"""Figures from tables: plotly where one hovers, altair for small multiples; each with a text alternative."""

from sferum_core.charts.base import Chart
from sferum_core.charts.comparison import ranked_bars
from sferum_core.charts.funnel import funnel_plot
from sferum_core.charts.heat import heat_map
from sferum_core.charts.moves import behind_moves, behind_table, rank_slope, status_flow
from sferum_core.charts.organizations import bullet, status_bars, status_table
from sferum_core.charts.slide import slide_ranking
from sferum_core.charts.staff import StaffRankings, quarters, staff_rankings, staff_scatter
from sferum_core.charts.trends import small_trend, trend_lines

__all__ = [
    "Chart",
    "StaffRankings",
    "behind_moves",
    "behind_table",
    "bullet",
    "funnel_plot",
    "heat_map",
    "quarters",
    "rank_slope",
    "ranked_bars",
    "slide_ranking",
    "small_trend",
    "staff_rankings",
    "staff_scatter",
    "status_bars",
    "status_flow",
    "status_table",
    "trend_lines",
]
