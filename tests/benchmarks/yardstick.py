"""A page with nothing but the widgets of another one, in the same containers: what a rerun costs at the least.

`python -m tests.benchmarks.yardstick PORT SPEC` serves it; SPEC is what `recorded` wrote down of the real page.
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
CONTAINERS = ("expandable", "popover", "tab_container")
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
            label = getattr(getattr(block, of, None), "label", "")
            node.update(kind=of if of in {*CONTAINERS, "tab", "column"} else "container", label=label)
        elif kind == "new_element":
            element = message.delta.new_element
            of = element.WhichOneof("type") or ""
            node.update(kind=of, **_shown(of, getattr(element, of, None)))
    return root


def _shown(kind: str, proto: Any) -> dict[str, Any]:
    shown: dict[str, Any] = {"label": getattr(proto, "label", "")}
    if kind in {"selectbox", "multiselect", "radio"}:
        shown["options"] = list(proto.options)
    elif kind == "button_group":
        shown["options"] = [option.content for option in proto.options]
    elif kind == "checkbox":
        shown["toggle"] = proto.type == proto.StyleType.TOGGLE
    return shown


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
    here = node["kind"] in WIDGETS
    return here + sum(widgets_in(child) for child in node.get("children", {}).values())


def draw(spec: str) -> None:
    """The script of the yardstick."""
    import streamlit as st  # noqa: PLC0415 - only what is served needs it

    tree = _tree(spec)

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


def _tree(spec: str) -> Any:
    if spec not in _trees:
        _trees[spec] = json.loads(Path(spec).read_text(encoding="utf-8"))
    return _trees[spec]


def _children(st: Any, node: dict[str, Any], path: str) -> None:
    listed = [(place, child) for place, child in node["children"].items() if widgets_in(child)]
    columns = [child for _, child in listed if child["kind"] == "column"]
    made = iter(st.columns(len(columns)) if columns else ())
    tabs = [child for child in node["children"].values() if child["kind"] == "tab"]
    pages = dict(zip(map(id, tabs), st.tabs([tab["label"] for tab in tabs]) if tabs else (), strict=True))
    for place, child in listed:
        below = f"{path}-{place}"
        match child["kind"]:
            case "column":
                context = next(made)
            case "tab":
                context = pages[id(child)]
            case "expandable":
                context = st.expander(child["label"] or "…", key=below, on_change="rerun")
            case "popover":
                context = st.popover(child["label"] or "…", key=below, on_change="rerun")
            case "tab_container":
                context = st.empty()
            case kind if kind in WIDGETS:
                _widget(st, child, below)
                continue
            case _:
                context = st.container(key=below)
        if child["kind"] == "tab_container":
            _children(st, child, below)
            continue
        with context:
            _children(st, child, below)


def _widget(st: Any, node: dict[str, Any], key: str) -> None:
    label = node["label"] or "…"
    match node["kind"]:
        case "button":
            st.button(label, key=key)
        case "download_button":
            st.download_button(label, data=bytes, key=key, on_click="ignore")
        case "selectbox":
            st.selectbox(label, node["options"], key=key)
        case "multiselect":
            st.multiselect(label, node["options"], key=key)
        case "radio":
            st.radio(label, node["options"], key=key)
        case "button_group":
            st.pills(label, list(dict.fromkeys(node["options"])), key=key)
        case "checkbox":
            (st.toggle if node["toggle"] else st.checkbox)(label, key=key)
        case "text_input":
            st.text_input(label, key=key)
        case "number_input":
            st.number_input(label, key=key)
        case "file_uploader":
            st.file_uploader(label, key=key)
        case "page_link":
            st.page_link("https://example.org", label=label)


def _serve(port: int, spec: str) -> None:
    import streamlit as st  # noqa: PLC0415
    import uvicorn  # noqa: PLC0415 - only the started process serves

    script = Path(spec).with_suffix(".py")
    script.write_text(SCRIPT.format(spec=spec), encoding="utf-8")
    uvicorn.run(st.App(script), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    _serve(int(sys.argv[1]), sys.argv[2])
