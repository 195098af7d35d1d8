"""Letters before they are sent: their text as on paper, names in the genitive, the text for a chat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.grouping import UNKNOWN_MUNICIPALITY
from sferum_core.names.cases import Case, in_case, preview
from sferum_core.reports.letters import (
    Letter,
    SchoolLetters,
    chat_text,
    municipality_letter,
)
from sferum_core.reports.letters.parts import Block, NewPage, Paragraph
from sferum_core.reports.package import Package, letter_to_heads
from sferum_core.waiting import acting
from sferum_ui import library, sharing, visitor
from sferum_ui.components import escape_markdown, short_table
from sferum_ui.views import week_package as view

TO_HEADS, TO_ONE, TO_SCHOOL = "Всем руководителям", "Одному муниципалитету", "Одной организации"
MAX_BLOCKS = 60
CASES = (Case.GENITIVE, Case.DATIVE, Case.INSTRUMENTAL, Case.PREPOSITIONAL)


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
    return SchoolLetters(
        one, package.profile, package.meta.period, package.fields, package.corrections
    ).letter(0)


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
    """Names in each case letters and templates use; guesses come first, corrections are remembered."""
    names = sorted(set(package.belonging["municipality_shown"]) - {UNKNOWN_MUNICIPALITY})
    own = package.corrections
    case = Case(
        st.segmented_control(
            "Падеж", CASES, default=Case.GENITIVE, format_func=lambda one: one.label, key="pkg_case", required=True,
            label_visibility="collapsed",
        )
        or Case.GENITIVE
    )  # fmt: skip
    st.write(
        "В письме муниципалитету адрес стоит в родительном падеже: «Руководителю … **чего?**»; другие падежи – "
        "для своих бланков. Поправка запоминается и действует во всех следующих неделях. Если форма – догадка, "
        "в адресе письма останется название как есть, в скобках."
    )
    forms = preview(names, case, own)
    doubtful = [form.name for form in forms if not form.sure or form.corrected]
    can_change = sharing.current() is None and library.problem() is None
    if can_change:
        for name in doubtful[:20]:
            _correction(name, case, own)
        others = [form.name for form in forms if form.name not in doubtful]
        picked = st.selectbox(
            "Поправить другое название", others, index=None, placeholder="Выберите", key="pkg_case_other"
        )
        if picked:
            _correction(picked, case, own)
    frame = pd.DataFrame(
        {
            "В файле": [form.name for form in forms],
            case.label[:1].upper() + case.label[1:]: [form.text for form in forms],
            "Откуда": [
                "ваша поправка" if form.corrected else "по словарю" if form.sure else "догадка, проверьте"
                for form in forms
            ],
        }
    )
    short_table(frame, alt=f"Названия муниципалитетов, падеж: {case.label}")


def _correction(name: str, case: Case, own: Mapping[str, str]) -> None:
    key = f"pkg_case_{name}" if case is Case.GENITIVE else f"pkg_case_{case.value}_{name}"
    automatic = preview([name], case)[0].text
    standing = in_case(name, case, own)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            escape_markdown(name), value=standing.text, max_chars=200, key=key,
            on_change=_remember, args=(name, case, key, automatic),
        )  # fmt: skip
        if standing.corrected:
            st.button(
                "Вернуть по словарю",
                key=f"{key}_undo",
                on_click=_take_back,
                args=(name, case, key, automatic),
            )


def _remember(name: str, case: Case, key: str, automatic: str) -> None:
    given = " ".join(str(st.session_state.get(key) or "").split())
    if not given or given == automatic:
        _take_back(name, case, key, automatic)
        return
    library.quietly(lambda store: store.case_forms.correct(name, case, given, by=visitor.name()))


def _take_back(name: str, case: Case, key: str, automatic: str) -> None:
    library.quietly(lambda store: store.case_forms.undo(name, case, by=visitor.name()))
    st.session_state[key] = automatic


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
