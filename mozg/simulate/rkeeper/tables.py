"""What stands in each cumulative table of r_keeper, as a SELECT over the chain's frames.

An order has one packet, a dish one line; what was struck is a line of no quantity with a void; a check that was deleted
is a printed check of state 7 whose dishes were struck; a return is an order of its own with negative quantities. Guests
of the house *pay* the list price in a currency of non-payers.
"""

from mozg.simulate.rkeeper import idents

#: Check numbers restart every month, so month and number make a visit's identifier that a longer history keeps.
_KEY = f"""(year(r.business_date) * 12 + month(r.business_date)) * {idents.MOST_CHECKS} + r.number AS VISIT,
           r.venue + {idents.CASH_SERVER} AS MIDSERVER"""
_ORDER = f"{_KEY}, {idents.ORDER} AS ORDERIDENT"
_SHIFT = "date_diff('day', v.opened_on::DATE, r.business_date::DATE) + 1"
_LINES = "items AS i JOIN receipts AS r ON r.position = i.receipt JOIN venues AS v ON v.position = i.venue"
#: Numbers inside an order: packet, check, then two for each line, its dish and its binding; payments and voids follow.
_DISH, _BINDING, _VOID = "i.line * 2 + 10", "i.line * 2 + 11", "i.line + 3000"
_CURRENCY_LINE = "i.payment + 5000"
_PAID = f"i.state = 0 AND i.payment < {len(idents.CURRENCIES)} AND r.status <> 'void'"
#: Guests of the house owe the list price; everybody else what the check came to.
_OWED = "CASE k.kind WHEN 'write_off' THEN i.gross ELSE i.revenue END"

TABLES = {
    "CASHGROUPS": f"""
        SELECT v.position + {idents.CASH_SERVER} AS SIFR, v.position + {idents.RESTAURANT} AS RESTAURANT,
               'MIDSRV' || (v.position + 1) AS NETNAME FROM venues AS v""",
    "GLOBALSHIFTS": f"""
        SELECT r.venue + {idents.CASH_SERVER} AS MIDSERVER, {_SHIFT} AS SHIFTNUM, r.business_date AS SHIFTDATE,
               min(r.opened_at) AS CREATETIME, max(r.closed_at) AS CLOSETIME, 3 AS STATUS, 1 AS CLOSED
        FROM receipts AS r JOIN venues AS v ON v.position = r.venue GROUP BY ALL""",
    "SHIFTS": f"""
        SELECT s.venue + {idents.CASH_SERVER} AS MIDSERVER, s.venue + {idents.STATION} AS ISTATION,
               s.number AS SHIFTNUM, s.number AS ICOMMONSHIFT, s.number AS PRINTSHIFTNUM, s.opened_at AS STARTTIME,
               s.closed_at AS CLOSETIME, 1 AS CLOSED, {idents.EMPLOYEE} + (
                   SELECT min(e.position) FROM employees AS e WHERE e.venue = s.venue AND e.role_code = 'MNG'
               ) AS IMANAGER
        FROM shifts AS s""",
    "ORDERS": f"""
        SELECT {_KEY}, {idents.ORDER} AS IDENTINVISIT, r.opened_at AS OPENTIME, r.closed_at AS ENDSERVICE,
               r.guests AS GUESTSCOUNT, r.waiter + {idents.EMPLOYEE} AS MAINWAITER, {_SHIFT} AS ICOMMONSHIFT,
               coalesce(r.venue * 100 + r."table" + {idents.TABLE}, 0) AS TABLEID,
               coalesce(r."table"::VARCHAR, '') AS TABLENAME,
               CASE r.channel WHEN 'dine_in' THEN 0 WHEN 'takeaway' THEN 1 ELSE 2 END + {idents.ORDER_TYPE} AS COT,
               {idents.ORDER_CATEGORY} AS UOT, (r.status <> 'void')::INTEGER AS PAID
        FROM receipts AS r JOIN venues AS v ON v.position = r.venue""",
    "ORDERSESSIONS": f"""
        SELECT {_ORDER}, 1 AS UNI, CASE r.status WHEN 'refund' THEN 6 ELSE 0 END AS ISESSIONTYPE,
               r.opened_at AS STARTSERVICE FROM receipts AS r""",
    "PRINTCHECKS": f"""
        SELECT {_ORDER}, 1 AS SESSIONUNI, 2 AS UNI, r.number AS CHECKNUM, r.closed_at AS CLOSEDATETIME,
               CASE r.status WHEN 'void' THEN 7 ELSE 6 END AS STATE, (r.status = 'void')::INTEGER AS DELETED,
               0 AS ISBILL, 0 AS IGNOREINREP, r.guests AS GUESTCNT, rub(r.revenue) AS BASICSUM,
               r.venue + {idents.STATION} AS ICLOSESTATION, {_SHIFT} AS ISHIFT
        FROM receipts AS r JOIN venues AS v ON v.position = r.venue""",
    "SESSIONDISHES": f"""
        SELECT {_ORDER}, 1 AS SESSIONUNI, {_DISH} AS UNI, i.product + {idents.DISH} AS SIFR,
               i.waiter + {idents.EMPLOYEE} AS ICREATOR, i.waiter + {idents.EMPLOYEE} AS IAUTHOR,
               i.quantity::DOUBLE AS SRCQUANTITY,
               CASE i.state WHEN 1 THEN i.quantity ELSE 0 END::DOUBLE AS WRITEOFFQUANTITY,
               CASE i.state WHEN 0 THEN i.quantity ELSE 0 END::DOUBLE AS QUANTITY,
               CASE WHEN i.state = 0 THEN 6 ELSE 7 END AS STATE, rub(i.gross) AS PRLISTSUM
        FROM {_LINES}""",
    "DISHVOIDS": f"""
        SELECT {_ORDER}, {_DISH} AS DISHUNI, {_VOID} AS UNI,
               i.reason - 1 + {idents.VOID} AS SIFR, i.waiter + {idents.EMPLOYEE} AS ICREATOR,
               NULL::VARCHAR AS OPENNAME,
               i.quantity::DOUBLE AS QUANTITY, rub(i.gross) AS PRLISTSUM, r.closed_at AS "DATETIME"
        FROM {_LINES} WHERE i.state <> 0""",
    "DISHDISCOUNTS": f"""
        SELECT {_ORDER}, 7000 AS UNI,
               list_position({list(idents.DISCOUNTS)}, r.discount_type) - 1 + {idents.DISCOUNT} AS SIFR, 6 AS STATE,
               0 AS ISCHARGE, 0 AS EXCLUDEFROMEARNINGS
        FROM receipts AS r WHERE r.discount_type IS NOT NULL AND r.discount <> 0""",
    "PAYBINDINGS": f"""
        SELECT {_ORDER}, {_DISH} AS DISHUNI, 0 AS CHARGEUNI, {_BINDING} AS UNI, {_CURRENCY_LINE} AS CURRUNI,
               i.quantity::DOUBLE AS QUANTITY, rub(i.gross) AS PRICESUM, rub({_OWED}) AS PAYSUM,
               0::DECIMAL(14, 2) AS TAXESADDED, rub({_OWED} - i.gross) AS DISTRDISCOUNTS, rub(i.cost) AS COSTSUM,
               6 AS STATE
        FROM {_LINES} JOIN kinds AS k ON k.payment = i.payment WHERE {_PAID}""",
    "TAXPARTS": f"""
        SELECT {_ORDER}, {_BINDING} AS BINDINGUNI, 1 AS SIFR, rub(i.vat) AS "SUM" FROM {_LINES}
        WHERE {_PAID} AND v.vat > 0""",
    "CURRLINES": f"""
        SELECT {_ORDER}, 2 AS CHECKUNI, {_CURRENCY_LINE} AS UNI, i.payment + {idents.CURRENCY} AS SIFR,
               i.payment + {idents.CURRENCY_TYPE} AS IHIGHLEVELTYPE, rub(sum({_OWED})) AS BINDEDSUM,
               rub(sum({_OWED})) AS BASICSUM, rub(sum({_OWED})) AS NATIONALSUM
        FROM {_LINES} JOIN kinds AS k ON k.payment = i.payment WHERE {_PAID}
        GROUP BY r.position, r.venue, r.business_date, r.number, i.payment""",
    "PAYMENTS": f"""
        SELECT {_ORDER}, 1 AS SESSIONUNI, i.payment + 6000 AS UNI, 2 AS PRINTCHECKUNI,
               i.payment + {idents.CURRENCY} AS SIFR,
               any_value(k.line_type) AS PAYLINETYPE, rub(sum({_OWED})) AS BASICSUM, 6 AS STATE, 0 AS IGNOREINREP
        FROM {_LINES} JOIN kinds AS k ON k.payment = i.payment WHERE {_PAID}
        GROUP BY r.position, r.venue, r.business_date, r.number, i.payment""",
    "CLOCKRECS": f"""
        SELECT a.venue + {idents.CASH_SERVER} AS MIDSERVER,
               a.employee * 100000 + date_diff('day', DATE '2015-01-01', a.business_date::DATE) AS UNI,
               a.employee + {idents.EMPLOYEE} AS EMPID,
               list_position({list(idents.ROLE_CODES)}, e.role_code) - 1 + {idents.ROLE} AS ROLEID,
               a.started_at AS STARTTIME, a.ended_at AS ENDTIME
        FROM attendances AS a JOIN employees AS e ON e.position = a.employee""",
}  # fmt: skip
