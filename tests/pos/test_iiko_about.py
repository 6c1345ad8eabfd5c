"""iiko says who it is, and which restaurants a sign-in sees."""

from dataclasses import replace

import pytest

from mozg.errors import TillAccessDenied
from mozg.pos.iiko import connect_cloud, connect_server


@pytest.mark.parametrize(
    ("connect", "number", "system", "setting"),
    [(connect_server, 0, "iikoServer", "department_id"), (connect_cloud, 2, "iikoCloud", "organization_id")],
)
def test_it_names_the_restaurant_or_those_that_may_be_meant(venues, patience, connect, number, system, setting):
    venue = venues[number]
    with connect(venue, patience) as till:
        told = till.about()
    assert (told.restaurant, told.system) == (venue.name, f"{system} 9.3.6012.0")
    wrong = replace(venue, pos_config=venue.pos_config | {setting: "nobody"})
    with (
        connect(wrong, patience) as till,
        pytest.raises(TillAccessDenied, match=f"no restaurant 'nobody'.*{setting}") as caught,
    ):
        till.about()
    assert venue.name in str(caught.value)
