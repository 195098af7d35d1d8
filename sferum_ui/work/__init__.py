"""Heavy work on large files, done by a process of its own so that other viewers' pages need not wait for it.

Each function takes and gives what its namesake of `sferum_core` or `sferum_store` does; small files stay in this process.
"""

from sferum_ui.work.gateway import check_export, read_export, run_checks, storable_export

__all__ = ["check_export", "read_export", "run_checks", "storable_export"]
