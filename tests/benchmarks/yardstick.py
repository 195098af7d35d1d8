"""A page with nothing but the widgets of another one, in the same containers: what a rerun costs at the least.

`python -m tests.benchmarks.yardstick PORT SPEC` serves it; SPEC is a list of what `recorded` wrote down of runs of the
real page. A widget is what has a state: also tabs, popovers and expanders that report being opened, and tables and charts
whose rows and points can be chosen (drawn with one row and one point). It is kept in the address where the real one is.
What a page shows changes with its filters, so the runs take turns: a list of 3,000 to choose from that a filter leaves 12 of
is drawn as often long and as often short as on the real page.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

SCRIPT = """
import sys
from tests.benchmarks.yardstick import draw
draw({spec!r})
"""
STATEFUL = ("expandable", "popover", "tab_container")
PAGES = 11  # entries of the menu


def recorded(messages: list[ForwardMsg]) -> dict[str, Any]:
    """The widgets of one run of a page in their containers, from what was sent: a tree of nodes.

    A node is `{"kind", "children"}` or a widget with what it shows. Text, tables and charts are left out, and so
    are containers that hold no widget.
    """
    root: dict[str, Any] = {"kind": "root", "children": {}}
    for message in messages:
        if message.WhichOneof("type") != "delta":
            continue
        node = root
        for place in message.metadata.delta_path:
            node = node["children"].setdefault(str(place), {"kind": "container", "children": {}})
        kind = message.delta.WhichOneof("type")
        if kind == "add_block":
            block = message.delta.add_block
            of = block.WhichOneof("type") or "container"
            box = getattr(block, of, None)
            node.update(
                kind=of if of in {*STATEFUL, "tab", "column"} else "container",
                label=getattr(box, "label", ""),
                stateful=of in STATEFUL and bool(getattr(box, "id", "")),
                bound=bool(getattr(box, "query_param_key", "")),
            )
        elif kind == "new_element":
            element = message.delta.new_element
            of = element.WhichOneof("type") or ""
            node.update(kind=of, **_shown(of, getattr(element, of, None)))
    return root


def _shown(kind: str, proto: Any) -> dict[str, Any]:
    bound = bool(getattr(proto, "query_param_key", ""))
    shown: dict[str, Any] = {"label": getattr(proto, "label", ""), "bound": bound}
    if kind in {"selectbox", "multiselect", "radio"}:
        shown["options"] = list(proto.options)
    elif kind == "button_group":
        shown["options"] = [option.content for option in proto.options]
    elif kind == "checkbox":
        shown["toggle"] = proto.type == proto.StyleType.TOGGLE
    elif kind in CHOSEN_FROM:
        shown["stateful"] = bool(proto.selection_mode)
    return shown


CHOSEN_FROM = ("dataframe", "plotly_chart")
WIDGETS = frozenset(
    {
        "button",
        "download_button",
        "selectbox",
        "multiselect",
        "radio",
        "button_group",
        "checkbox",
        "text_input",
        "number_input",
        "file_uploader",
        "page_link",
    }
)


def widgets_in(node: dict[str, Any]) -> int:
    """How many widgets a tree holds."""
    here = node["kind"] in WIDGETS or bool(node.get("stateful"))
    return here + sum(widgets_in(child) for child in node.get("children", {}).values())


def draw(spec: str) -> None:
    """The script of the yardstick."""
    import streamlit as st  # noqa: PLC0415 - only what is served needs it

    trees = _trees_of(spec)
    number = st.session_state["_run"] = st.session_state.get("_run", -1) + 1
    tree = trees[number % len(trees)]

    def page() -> None:
        places = {"0": st.container(), "1": st.sidebar}
        for place, node in tree["children"].items():
            if place in places:
                with places[place]:
                    _children(st, node, place)

    st.set_page_config(layout="wide")
    others = [
        st.Page(_nothing(number), title=f"{number}", url_path=f"p{number}") for number in range(PAGES - 1)
    ]
    st.navigation([st.Page(page, title="page", default=True), *others]).run()


def _nothing(number: int) -> Any:
    def nothing() -> None:
        """Another page of the menu."""

    nothing.__name__ = f"nothing_{number}"
    return nothing


_trees: dict[str, Any] = {}


def _trees_of(spec: str) -> Any:
    if spec not in _trees:
        _trees[spec] = json.loads(Path(spec).read_text(encoding="utf-8"))
    return _trees[spec]


def _children(st: Any, node: dict[str, Any], path: str) -> None:
    listed = [(place, child) for place, child in node["children"].items() if widgets_in(child)]
    columns = [child for _, child in listed if child["kind"] == "column"]
    made = iter(st.columns(len(columns)) if columns else ())
    tabs = [child for child in node["children"].values() if child["kind"] == "tab"]
    pages = dict(zip(map(id, tabs), _tabs(st, node, tabs, path) if tabs else (), strict=True))
    for place, child in listed:
        below = f"{path}-{place}"
        match child["kind"]:
            case "column":
                context = next(made)
            case "tab":
                context = pages[id(child)]
            case "expandable":
                context = st.expander(child["label"] or "…", **_state(child, below))
            case "popover":
                context = st.popover(child["label"] or "…", **_state(child, below))
            case "tab_container":
                _children(st, child, below)
                continue
            case kind if kind in WIDGETS or kind in CHOSEN_FROM:
                _widget(st, child, below)
                continue
            case _:
                context = st.container(key=below)
        with context:
            _children(st, child, below)


def _tabs(st: Any, node: dict[str, Any], tabs: list[dict[str, Any]], path: str) -> Any:
    return st.tabs([tab["label"] for tab in tabs], **_state(node, path))


def _state(node: dict[str, Any], key: str) -> dict[str, Any]:
    """How a box is declared that reports being opened, and whether it is kept in the address."""
    if not node.get("stateful"):
        return {}
    return {"key": _name(key), **({"bind": "query-params"} if node.get("bound") else {"on_change": "rerun"})}


def _name(key: str) -> str:
    return key.replace("-", "_")


def _widget(st: Any, node: dict[str, Any], key: str) -> None:
    label = node["label"] or "…"
    kept: dict[str, Any] = {"key": _name(key)}
    bound = {**kept, **({"bind": "query-params"} if node.get("bound") else {})}
    match node["kind"]:
        case "button":
            st.button(label, **kept)
        case "download_button":
            st.download_button(label, data=bytes, on_click="ignore", **kept)
        case "selectbox":
            st.selectbox(label, node["options"], **bound)
        case "multiselect":
            st.multiselect(label, node["options"], **bound)
        case "radio":
            st.radio(label, node["options"], **bound)
        case "button_group":
            st.pills(label, list(dict.fromkeys(node["options"])), **bound)
        case "checkbox":
            (st.toggle if node["toggle"] else st.checkbox)(label, **bound)
        case "text_input":
            st.text_input(label, **bound)
        case "number_input":
            st.number_input(label, **bound)
        case "file_uploader":
            st.file_uploader(label, **kept)
        case "page_link":
            st.page_link("https://example.org", label=label)
        case "dataframe":
            st.dataframe({"a": [1]}, on_select="rerun", selection_mode="single-row", **kept)
        case "plotly_chart":
            figure = {"data": [{"type": "bar", "x": [1], "y": [1]}], "layout": {}}
            st.plotly_chart(figure, on_select="rerun", selection_mode="points", **kept)


def _serve(port: int, spec: str) -> None:
    import streamlit as st  # noqa: PLC0415
    import uvicorn  # noqa: PLC0415 - only the started process serves

    script = Path(spec).with_suffix(".py")
    script.write_text(SCRIPT.format(spec=spec), encoding="utf-8")
    uvicorn.run(st.App(script), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    _serve(int(sys.argv[1]), sys.argv[2])
