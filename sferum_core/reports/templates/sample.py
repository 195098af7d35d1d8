"""A template to begin with: the app's own letter with fields in the places of words."""

from __future__ import annotations

from dataclasses import dataclass

from sferum_core.reports.letters.docx import letter_docx
from sferum_core.reports.letters.fields import LetterFields
from sferum_core.reports.letters.parts import Letter, Paragraph


@dataclass(frozen=True)
class _Sample(Letter):
    @property
    def registered(self) -> list[str]:
        return ["{{ дата }} № {{ номер }}", "На № {{ ответ_номер }} от {{ ответ_дата }}"]


def sample_template() -> bytes:
    """A docx that `check_docx_template` accepts; an office changes it as it likes."""
    fields = LetterFields(
        office="{{ отправитель }}",
        position="{{ должность }}",
        name="{{ подпись }}",
        executor="{{ исполнитель }}",
        phone="{{ телефон }}",
    )
    body = (
        Paragraph("{%p for абзац in абзацы %}"),
        Paragraph("{{ абзац }}"),
        Paragraph("{%p endfor %}"),
        Paragraph("{%p for приложение in приложения %}"),
        Paragraph("Приложение: {{ приложение }}."),
        Paragraph("{%p endfor %}"),
    )
    return letter_docx(_Sample(("{{ адресат }}",), "{{ тема }}", body, fields))
