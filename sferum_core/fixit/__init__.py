"""«Что исправить»: rows to mend given out by municipality, the answers laid over the export, told row by row."""

from sferum_core.fixit.answers import (
    AnswerBook,
    Answered,
    NotAnAnswer,
    looks_like_answer,
    read_answers,
    same_headers,
)
from sferum_core.fixit.laying import (
    CHANGE_COLUMNS,
    ROW_COLUMNS,
    Outcome,
    RowState,
    lay_answers,
)
from sferum_core.fixit.mending import (
    ADVICE,
    CODE,
    COMMENT,
    COMMENT_BLANK,
    MARKED,
    REASON,
    FixColumn,
    MendRow,
    ToMend,
    to_mend,
)

__all__ = [
    "ADVICE",
    "CHANGE_COLUMNS",
    "CODE",
    "COMMENT",
    "COMMENT_BLANK",
    "MARKED",
    "REASON",
    "ROW_COLUMNS",
    "AnswerBook",
    "Answered",
    "FixColumn",
    "MendRow",
    "NotAnAnswer",
    "Outcome",
    "RowState",
    "ToMend",
    "lay_answers",
    "looks_like_answer",
    "read_answers",
    "same_headers",
    "to_mend",
]
