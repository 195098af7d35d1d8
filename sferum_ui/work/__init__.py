"""Heavy work on large files, done by a process of its own so that other viewers' pages need not wait for it.

`read_export` and `check_export` take and give what their namesakes of `sferum_core` do; small files stay in this process.
"""

from sferum_ui.work.gateway import check_export, read_export, run_checks

__all__ = ["check_export", "read_export", "run_checks"]
