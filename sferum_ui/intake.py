"""Taking files in: bytes to an opened dataset; the bytes stay with the session for a second reading."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

import streamlit as st

from sferum_core import read_export
from sferum_ui.cache import Dataset, keep_export, lookup

MAX_BYTES_KEPT = 60 * 2**20  # of one session
_BYTES = "_uploaded_bytes"
_OWN = "_own_datasets"


def take_in(content: bytes, filename: str) -> Dataset:
    """Read a file and keep what was read. Raises UnreadableFile."""
    dataset = keep_export(read_export(content, filename))
    kept: OrderedDict[str, tuple[str, bytes]] = st.session_state.setdefault(_BYTES, OrderedDict())
    kept[dataset.id] = (filename, content)
    while sum(len(data) for _, data in kept.values()) > MAX_BYTES_KEPT:
        kept.popitem(last=False)
    own: list[str] = st.session_state.setdefault(_OWN, [])
    own.append(dataset.id)
    return dataset


def can_read_again(dataset_id: str) -> bool:
    """Whether this session still has the file's bytes."""
    return dataset_id in st.session_state.get(_BYTES, {})


def is_own(dataset_id: str) -> bool:
    """Whether this session uploaded the file; only then its cell samples are shown."""
    return dataset_id.split(".", maxsplit=1)[0] in st.session_state.get(_OWN, [])


def read_again(dataset_id: str, mapping: Mapping[str | int, str]) -> Dataset:
    """Read the file anew with the user's choice of columns, under the same id. Raises UnreadableFile."""
    filename, content = st.session_state[_BYTES][dataset_id]
    return keep_export(read_export(content, filename, mapping=mapping), dataset_id=dataset_id)


def own_datasets() -> list[Dataset]:
    """Datasets this session uploaded and the server still has, newest first."""
    found = [lookup(dataset_id) for dataset_id in reversed(st.session_state.get(_OWN, []))]
    return [dataset for dataset in found if dataset is not None]
