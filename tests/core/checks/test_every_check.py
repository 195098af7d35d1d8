"""Every registered check fires on its own trouble and keeps quiet at the edge of it."""

from __future__ import annotations

import pytest

from sferum_core import load_profile
from sferum_core.checks import CHECKS, NOT_CHECKED, check_export
from sferum_core.checks.subject import Subject
from sferum_core.model import Export, ExportKind, Severity
from sferum_core.norms import NormProfile
from tests.core.checks.cases_own import OWN_CASES, Case
from tests.core.checks.cases_weeks import QUIET_TODAY, WEEK_CASES
from tests.core.checks.exports import CLEAN, TODAY, clean_before

CASES = {**OWN_CASES, **WEEK_CASES}


def profile_of(case: Case) -> NormProfile:
    profile = load_profile("chelyabinsk-2024")
    return profile.model_copy(update=case.profile) if case.profile else profile


def test_every_check_has_a_case_that_fires_and_one_that_is_quiet() -> None:
    assert set(CASES) == set(CHECKS)


@pytest.mark.parametrize("code", sorted(CASES))
def test_fires(code: str) -> None:
    case = CASES[code]
    previous = case.before() if case.before else None
    found = check_export(case.fire(), profile_of(case), previous=previous, today=case.today)
    own = [finding for finding in found if finding.code == code]
    assert len(own) == 1, [finding.code for finding in found]
    finding = own[0]
    assert finding.severity is CHECKS[code].severity
    if case.count is not None:
        assert finding.count == case.count
    assert case.says in f"{finding.message} {finding.value}"
    assert "{" not in finding.message + finding.advice
    assert finding.message.endswith(".") and finding.advice.endswith((".", "?"))


def quiet_export(code: str, case: Case) -> Export:
    if case.quiet is not None:
        return case.quiet()
    kind = case.fire().kind
    return CLEAN[kind]()


@pytest.mark.parametrize("code", sorted(CASES))
def test_keeps_quiet(code: str) -> None:
    case = CASES[code]
    made = quiet_export(code, case)
    previous = case.before_quiet() if case.before_quiet else clean_before(made.kind)
    today = QUIET_TODAY.get(code, TODAY)
    profile = load_profile("chelyabinsk-2024")
    assert CHECKS[code].applies(Subject(made, profile, previous, today)), "quiet because it does not apply"
    found = check_export(made, profile, previous=previous, today=today)
    assert code not in {finding.code for finding in found}
    assert code not in {finding.value for finding in found if finding.code == NOT_CHECKED}


@pytest.mark.parametrize("kind", CLEAN)
@pytest.mark.parametrize("profile", ["chelyabinsk-2024", "tomsk-2024", "max-2025"])
def test_a_clean_file_has_no_finding(kind: ExportKind, profile: str) -> None:
    found = check_export(CLEAN[kind](), load_profile(profile), previous=clean_before(kind), today=TODAY)
    assert found == []


@pytest.mark.parametrize("kind", CLEAN)
def test_a_clean_file_alone_has_no_error_and_no_warning(kind: ExportKind) -> None:
    found = check_export(CLEAN[kind](), load_profile("chelyabinsk-2024"))
    assert [finding for finding in found if finding.severity is not Severity.NOTE] == []
