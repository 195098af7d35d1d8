"""Taking files in: bytes to opened datasets; the bytes stay with the session for a second reading."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from sferum_core import Export, UnreadableFile
from sferum_core.access import Act
from sferum_core.model import Limits
from sferum_core.reading import join_drop
from sferum_core.reading.blanking import KeptFile, kept_copy
from sferum_store import SettingsError, settings
from sferum_ui import access, cache, corrections, journal, private, uploads, visitor
from sferum_ui.cache import OWN, Dataset, keep_export, lookup, new_id, root_id
from sferum_ui.cache import forget as forget_dataset
from sferum_ui.work import read_export

FORMATS = [
    "xlsx",
    "xlsm",
    "xls",
    "ods",
    "csv",
    "txt",
    "tsv",
    "zip",
]  # what the window for choosing a file offers; what else is dropped the reader refuses in its own words
MAX_BYTES_KEPT = 40 * 2**20  # of one session: two files of the largest size


@dataclass(frozen=True)
class File:
    """A file as it was dropped."""

    name: str
    content: bytes


def _bytes() -> OrderedDict[str, tuple[File, ...]]:
    return private.memory().thing("bytes", OrderedDict)


def limits() -> Limits:
    """What a file from outside may cost, by the settings; the usual limits when these are wrong, which the page says."""
    try:
        return settings().limits
    except SettingsError:
        return Limits()


def most_megabytes() -> int:
    """The largest upload in whole MiB, as the uploader and its caption say it."""
    return max(1, limits().file_bytes >> 20)


def original(dataset: Dataset) -> KeptFile | None:
    """The files of the dataset as they may be kept, names and contacts blanked; None when the session has them no more.

    None, too, for tables that may name people and for the demo. Raises UnreadableFile when the files can't be looked
    through: too many cells for that, or the reader is at its limit now.
    """
    files: tuple[File, ...] = _bytes().get(dataset.root, ())
    if not files or dataset.is_personal or dataset.is_demo:
        return None
    return kept_copy([(file.name, file.content) for file in files], limits=limits())


def read(file: File) -> Export:
    """What is in a file, its columns as somebody confirmed them for such a header. Raises UnreadableFile."""
    export = read_export(file.content, file.name, limits=limits())
    kept = corrections.kept_mapping(export)
    if kept is None:
        return export
    try:
        again = read_export(file.content, file.name, mapping=kept.choices, limits=limits())
    except UnreadableFile:
        return export
    return corrections.told(again, kept)


def open_all(files: Sequence[File], exports: Sequence[Export]) -> list[Dataset]:
    """Keep what was read of one drop, a dataset for the files of one week, in the order they came."""
    access.require(Act.UPLOAD)
    datasets = []
    for export, places in join_drop(exports):
        name = new_id()
        st.session_state.setdefault(OWN, []).append(name)
        dataset = keep_export(corrections.corrected(export), dataset_id=name)
        _remember(dataset.root, tuple(files[place] for place in places))
        datasets.append(dataset)
        journal.uploaded(dataset)
    return datasets


def let_go(files: Sequence[UploadedFile]) -> None:
    """Streamlit's own copies of files that were read: else it keeps every one as long as the page is open."""
    context = get_script_run_ctx(suppress_warning=True)
    remove = getattr(context.uploaded_file_mgr, "remove_file", None) if context is not None else None
    if context is None or remove is None:  # another manager of files may know no such thing
        return
    for file in files:
        remove(session_id=context.session_id, file_id=file.file_id)


def _remember(dataset_id: str, files: tuple[File, ...]) -> None:
    """Keep the files of a dataset; those of tables with names that this session no longer has go with these."""
    kept = _bytes()
    kept[dataset_id] = files
    for other in cache.gone_from_session(kept):
        del kept[other]
    while sum(len(file.content) for one in kept.values() for file in one) > MAX_BYTES_KEPT:
        kept.popitem(last=False)


def can_read_again(dataset_id: str) -> bool:
    """Whether this session still has the bytes of the dataset's files."""
    return root_id(dataset_id) in _bytes()


def is_own(dataset_id: str) -> bool:
    """Whether this session uploaded the file; only then its cell samples are shown."""
    return root_id(dataset_id).split(".", maxsplit=1)[0] in st.session_state.get(OWN, [])


def read_again(dataset_id: str, mapping: Mapping[str | int, str]) -> Dataset:
    """Read the files anew with the user's choice of columns, under the same id. Raises UnreadableFile."""
    dataset_id = root_id(dataset_id)
    files: tuple[File, ...] = _bytes()[dataset_id]
    exports = [read_export(file.content, file.name, mapping=mapping, limits=limits()) for file in files]
    for export in exports:
        corrections.remember_mapping(export, mapping, visitor.name())
    (joined, _), *_ = join_drop(exports)
    return keep_export(corrections.corrected(joined), dataset_id=dataset_id)


def forget(dataset_id: str) -> None:
    """Forget a file of this session: its table, its draft and its bytes."""
    dataset_id = root_id(dataset_id)
    forget_dataset(dataset_id)
    uploads.forget()
    _bytes().pop(dataset_id, None)
    own = st.session_state.get(OWN, [])
    if dataset_id in own:
        own.remove(dataset_id)


def own(dataset_id: str) -> None:
    """Count a dataset among those this session brought, without bytes of its own."""
    st.session_state.setdefault(OWN, []).append(dataset_id)


def own_datasets() -> list[Dataset]:
    """Datasets this session uploaded and the server still has, newest first."""
    found = [lookup(dataset_id) for dataset_id in reversed(st.session_state.get(OWN, []))]
    return [dataset for dataset in found if dataset is not None]
