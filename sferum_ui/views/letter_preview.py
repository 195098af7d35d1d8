"""Letters before they are sent: their text as on paper, names in the genitive, the text for a chat."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.grouping import UNKNOWN_MUNICIPALITY
from sferum_core.names.cases import Case, preview
from sferum_core.reports.letters import (
    Letter,
    SchoolLetters,
    chat_text,
    municipality_letter,
)
from sferum_core.reports.letters.parts import Block, NewPage, Paragraph
from sferum_core.reports.package import Package, letter_to_heads
from sferum_core.waiting import acting
from sferum_ui.components import escape_markdown, short_table
from sferum_ui.views import week_package as view

TO_HEADS, TO_ONE, TO_SCHOOL = "Всем руководителям", "Одному муниципалитету", "Одной организации"
MAX_BLOCKS = 60


def show_letter(package: Package) -> None:
    """Choose a letter and read it."""
    kind = st.segmented_control(
        "Письмо",
        (TO_HEADS, TO_ONE, TO_SCHOOL),
        default=TO_HEADS,
        key="pkg_letter",
        label_visibility="collapsed",
    )
    letter = _letter(package, kind or TO_HEADS)
    if letter is None:
        return
    empty = letter.fields.empty
    if empty:
        st.caption(f"Останется вписать от руки: {escape_markdown(', '.join(empty).lower())}.")
    st.html(letter_html(letter))


def _letter(package: Package, kind: str) -> Letter | None:
    rows = package.belonging
    if kind == TO_HEADS:
        return letter_to_heads(package)
    if kind == TO_ONE:
        name = _choose_municipality(rows, "pkg_letter_municipality")
        if name is None:
            return None
        own = rows[(rows["municipality_shown"] == name).to_numpy(dtype=bool)]
        return municipality_letter(
            own, name, package.profile, package.meta.period, package.fields, package.corrections
        )
    rows = acting(rows)
    wanted = rows[rows["status"].isin([status.value for status in view.NEEDS_LETTER])]
    if wanted.empty:
        st.write("Отстающих организаций нет: писать некому.")
        return None
    names = wanted["organization"].fillna("название не указано").astype(str).tolist()
    place = st.selectbox(
        "Организация", range(len(names)), format_func=lambda place: names[place], key="pkg_letter_school"
    )
    one = wanted.iloc[[place]]
    return SchoolLetters(one, package.profile, package.meta.period, package.fields).letter(0)


def _choose_municipality(rows: pd.DataFrame, key: str) -> str | None:
    names = sorted(set(rows["municipality_shown"]) - {UNKNOWN_MUNICIPALITY}, key=str.casefold)
    if not names:
        st.write("В файле не указан ни один муниципалитет: писать некому.")
        return None
    return st.selectbox("Муниципалитет", names, key=key)


def letter_html(letter: Letter) -> str:
    """The letter as it will look on paper; everything from files and forms is escaped."""
    left = "<br>".join(map(escape, [*letter.sender, "", *letter.registered]))
    right = "<br>".join(map(escape, letter.addressee))
    subject = "<br>".join(map(escape, letter.subject.split("\n")))
    position, name = letter.signature
    enclosed = "".join(f"<p>{escape(text)}</p>" for text in letter.enclosed)
    if len(letter.enclosures) > 1:
        enclosed = f"<p>Приложения:</p>{enclosed}"
    return (
        f'<div class="sf-paper"><div class="sf-paper-head"><div>{left}</div><div>{right}</div></div>'
        f'<p class="sf-paper-subject">{subject}</p>{_blocks(letter.body)}<div>{enclosed}</div>'
        f'<div class="sf-paper-sign"><div>{"<br>".join(map(escape, position))}</div><div>{escape(name)}</div>'
        f'</div><p class="sf-paper-small">{"<br>".join(map(escape, letter.executor))}</p>'
        f"{'<hr>' if letter.annex else ''}{_blocks(letter.annex)}</div>"
    )


def _blocks(blocks: Sequence[Block]) -> str:
    parts = []
    for block in blocks[:MAX_BLOCKS]:
        if isinstance(block, Paragraph):
            parts.append(f'<p class="sf-paper-{block.kind}">{escape(block.text)}</p>')
        elif isinstance(block, NewPage):
            parts.append("<hr>")
        else:
            head = "".join(f'<th scope="col">{escape(text)}</th>' for text in block.header)
            rows = "".join(
                "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>"
                for row in block.rows[:40]
            )
            rest = len(block.rows) - 40
            note = f"<p>… и ещё {wording.rows(rest)}</p>" if rest > 0 else ""
            parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{note}")
    return "".join(parts)


def show_cases(package: Package) -> None:
    """Names in the genitive, as the letters to municipalities use them; guesses come first."""
    names = sorted(set(package.belonging["municipality_shown"]) - {UNKNOWN_MUNICIPALITY})
    own = view.corrections()
    forms = preview(names, Case.GENITIVE, own)
    st.write(
        "В письме муниципалитету адрес стоит в родительном падеже: «Руководителю … **чего?**». "
        "Проверьте и, если нужно, поправьте; поправки помнит это окно браузера."
    )
    doubtful = [form.name for form in forms if not form.sure or form.corrected]
    for name in doubtful[:20]:
        _correction(name, own)
    others = [form.name for form in forms if form.name not in doubtful]
    picked = st.selectbox(
        "Поправить другое название", others, index=None, placeholder="Выберите", key="pkg_case_other"
    )
    if picked:
        _correction(picked, own)
    forms = preview(names, Case.GENITIVE, own)
    frame = pd.DataFrame(
        {
            "В файле": [form.name for form in forms],
            "Руководителю … (чего?)": [form.text for form in forms],
            "Откуда": [
                "ваша поправка" if form.corrected else "по словарю" if form.sure else "догадка, проверьте"
                for form in forms
            ],
        }
    )
    short_table(frame, alt="Названия муниципалитетов в родительном падеже")


def _correction(name: str, own: dict[str, str]) -> None:
    automatic = preview([name], Case.GENITIVE)[0].text
    given = st.text_input(
        escape_markdown(name), value=own.get(name, automatic), max_chars=200, key=f"pkg_case_{name}"
    )
    if given.strip() and given.strip() != automatic:
        own[name] = given.strip()
    else:
        own.pop(name, None)


def show_chat(package: Package) -> None:
    """The message for the directors' chat."""
    rows = package.belonging
    name = _choose_municipality(rows, "pkg_chat_municipality")
    if name is None:
        return
    own = rows[(rows["municipality_shown"] == name).to_numpy(dtype=bool)]
    text = chat_text(own, package.profile, package.meta.period, package.fields, name)
    st.caption("Скопируйте кнопкой в углу или выделите текст и нажмите Ctrl + C.")
    st.code(text, language=None, wrap_lines=True)
