"""Who may not do something is told so in their own language."""

import re

import pytest

from mozg.access.permissions import ALLOWED, ROLES, refusal
from mozg.language import words


@pytest.mark.parametrize("venues", [None, (1,)])
@pytest.mark.parametrize("action", sorted(ALLOWED))
def test_a_refusal_is_said_in_the_reader_s_language(action, venues):
    for role in ROLES:
        said = refusal(role, action, venues)
        assert f"Your role ({role}" in said
        assert ("some venues" in said) == (venues is not None)
        assert not set(re.findall("[A-Za-z]{3,}", words("ru").told(said))) - {"JupyterLab", "Telegram"}
