"""The administrator's side: `python -m sferum_store backup | restore | expire | check | migrate | password | erase …`."""

from __future__ import annotations

import argparse
import datetime as dt
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path

from sferum_core.wording import counted, number
from sferum_store import backup as copies
from sferum_store import passwords
from sferum_store.errors import StoreError
from sferum_store.store import open_store
from sferum_store.vault import new_key

_DESCRIPTION = (
    "База «Сферум-отчётов»: копия, восстановление, очистка, проверка. Адрес базы – из настроек SFERUM_…"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 when done, 1 when something is wrong, with a Russian sentence on the error stream."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except StoreError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sferum_store", description=_DESCRIPTION)
    commands = parser.add_subparsers(required=True, metavar="КОМАНДА")
    make = commands.add_parser("backup", help="записать всё в один новый файл, не останавливая приложение")
    make.add_argument("file", type=Path, metavar="ФАЙЛ")
    make.set_defaults(run=_backup)
    put = commands.add_parser("restore", help="восстановить из файла; подходит и для переезда на PostgreSQL")
    put.add_argument("file", type=Path, metavar="ФАЙЛ")
    put.add_argument("--replace", action="store_true", help="заменить то, что есть в базе")
    put.set_defaults(run=_restore)
    commands.add_parser("expire", help="удалить черновики с истёкшим сроком").set_defaults(run=_expire)
    commands.add_parser("check", help="проверить, что всё сохранённое цело").set_defaults(run=_check)
    commands.add_parser("migrate", help="привести устройство базы к версии приложения").set_defaults(
        run=_migrate
    )
    commands.add_parser(
        "password", help="задать пароль управления (для SFERUM_SIGN_IN=password)"
    ).set_defaults(run=_password)
    erase = commands.add_parser("erase", help="стереть хранимые имена: организации, даты, человека или все")
    erase.add_argument(
        "--organization", metavar="ОРГАНИЗАЦИЯ", help="ID организации, а если его нет – название"
    )
    erase.add_argument("--week", type=dt.date.fromisoformat, metavar="ГГГГ-ММ-ДД", help="дата выгрузки")
    erase.add_argument("--person", metavar="ФИО", help="один человек во всех выгрузках")
    erase.add_argument("--region", metavar="РЕГИОН", help="только этого региона или управления")
    erase.add_argument("--all", action="store_true", dest="everything", help="всё")
    erase.set_defaults(run=_erase)
    commands.add_parser("reseal", help="перешифровать имена новым ключом").set_defaults(run=_reseal)
    commands.add_parser("names-key", help="сделать ключ шифрования имён").set_defaults(run=_names_key)
    return parser


def _backup(options: argparse.Namespace) -> int:
    found = copies.backup(open_store().database, options.file)
    print(f"Копия записана: {options.file} ({_words(found)}).")
    return 0


def _restore(options: argparse.Namespace) -> int:
    found = copies.restore(open_store().database, options.file, replace=options.replace)
    print(f"Восстановлено из {options.file}: {_words(found)}.")
    return 0


def _expire(options: argparse.Namespace) -> int:
    gone = open_store().expire()
    print(f"Удалено: {counted(gone.drafts, 'черновик', 'черновика', 'черновиков')}.")
    return 0


def _check(options: argparse.Namespace) -> int:
    found = copies.check(open_store().database)
    for problem in found.problems:
        print(problem, file=sys.stderr)
    if found.problems:
        print("Восстановите базу из копии: python -m sferum_store restore ФАЙЛ --replace", file=sys.stderr)
        return 1
    print(f"Всё цело: {_words(found.contents)}.")
    return 0


def _migrate(options: argparse.Namespace) -> int:
    open_store()
    print("Устройство базы соответствует версии приложения.")
    return 0


def _password(options: argparse.Namespace) -> int:
    if sys.stdin.isatty():
        given = getpass.getpass("Новый пароль управления: ")
        if getpass.getpass("Ещё раз: ") != given:
            print("Пароли не совпали. Ничего не изменено.", file=sys.stderr)
            return 1
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    open_store().access.set_password_hash(passwords.hash_of(given))
    print("Пароль задан. Вошедшие с прежним паролем должны войти снова.")
    return 0


def _erase(options: argparse.Namespace) -> int:
    store = open_store()
    gone = store.names.erase(
        region=options.region,
        organization=options.organization,
        date=options.week,
        person=options.person,
        everything=options.everything,
    )
    sets = counted(gone.sets, "выгрузка организации", "выгрузки организаций", "выгрузок организаций")
    print(f"Стёрто: {counted(gone.people, 'человек', 'человека', 'человек')}, {sets} целиком.")
    if gone.shortened:
        print(f"Без этого человека остались: {number(gone.shortened)}.")
    left = store.names.find()
    print(f"Осталось: {counted(len(left), 'выгрузка', 'выгрузки', 'выгрузок')} с именами.")
    print(
        "В резервных копиях, сделанных раньше, имена остались (зашифрованными). Удалите эти копии, "
        "а восстановив базу из такой копии, выполните команду снова."
    )
    return 0


def _reseal(options: argparse.Namespace) -> int:
    done = open_store().names.reseal()
    print(
        f"Перешифровано: {counted(done, 'выгрузка', 'выгрузки', 'выгрузок')}. Прежний ключ больше не нужен."
    )
    return 0


def _names_key(options: argparse.Namespace) -> int:
    print(new_key())
    return 0


def _words(found: copies.Contents) -> str:
    return ", ".join(
        (
            counted(found.weeks, "неделя", "недели", "недель"),
            counted(found.drafts, "черновик", "черновика", "черновиков"),
            counted(found.links, "ссылка", "ссылки", "ссылок"),
            f"{number(found.payload_bytes / 2**20, 1)} МиБ",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
