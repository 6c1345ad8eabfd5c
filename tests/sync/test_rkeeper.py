"""A venue on r_keeper is read whole, agrees with its cash shifts, and changes nothing when read again."""

from mozg.access.venues import add_venue
from mozg.simulate.rkeeper import serve_rkeeper
from mozg.sync.engine import sync_venue

OFF = """SELECT count(*) FROM cash_shifts s JOIN LATERAL (
           SELECT sum(r.revenue) AS revenue FROM receipts r
           WHERE r.business_date = s.business_date AND r.status <> 'void' AND NOT r.deleted
         ) r ON r.revenue <> s.revenue"""


def test_a_first_sync_agrees_with_the_tills_totals_and_a_second_changes_nothing(organization, tills, small_chain, ask):
    with serve_rkeeper(tills.present) as rkeeper:
        venue = add_venue(organization, **rkeeper.venues()[0])
        first = sync_venue(organization, venue, since=small_chain.first, until=small_chain.last)
        again = sync_venue(organization, venue, until=small_chain.last)
    counts = "SELECT (SELECT count(*) FROM receipts), (SELECT count(*) FROM receipt_items)"
    assert ask(organization, counts) == [(len(small_chain.receipts), len(small_chain.items))]
    assert ask(organization, "SELECT count(*) FROM cash_shifts") == [(42,)]
    assert ask(organization, OFF) == [(0,)]
    assert first.changed > again.changed == 0
