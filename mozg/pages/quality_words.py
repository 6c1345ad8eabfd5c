"""What the report on data quality calls its rules, how each is measured, and how to mend what it finds."""

from mozg.language import later

TITLES = {
    "table_number": later("Checks without a known table"),
    "payment_method": later("Checks without a means of payment"),
    "personal_card": later("Checks without a personal login"),
    "closed_same_day": later("Checks open for more than a day"),
    "table_seats": later("Tables without seats"),
    "nothing_deleted": later("Deleted dishes and checks"),
    "till_keeper": later("Cash shifts without a keeper or not in balance"),
    "guest_count": later("Checks with an impossible number of guests"),
    "item_card": later("Dishes without a group, kitchen or bar"),
    "hall": later("Checks without a hall"),
    "recipe_cost": later("Sales without a recipe cost"),
    "duration": later("Checks with an impossible duration"),
    "late_data": later("Receipts that came or changed late"),
    "reconciliation": later("Days that differ from the cash shifts"),
}
TERMS = {
    "table_number": later(
        "Checks of the dining room that name no table, or one that the till does not list ÷ checks of the dining room."
    ),
    "payment_method": later(
        "Sales that were paid by nothing, or by a means that the till calls unknown ÷ sales with something to pay."
    ),
    "personal_card": later(
        "Sales by nobody, or by a login that sold in two venues or for more than 20 hours of that day ÷ sales."
    ),
    "closed_same_day": later("Sales that were never closed, or more than 24 hours after they were opened ÷ sales."),
    "table_seats": later(
        "Checks of the dining room at tables whose seats nobody has entered ÷ checks of the dining room with a table."
    ),
    "nothing_deleted": later(
        "Checks made void and lines struck out before payment ÷ all checks and lines; the money is what stood on them."
    ),
    "till_keeper": later(
        "Cash shifts that name nobody responsible, lasted more than 24 hours, or whose drawer was not in balance "
        "÷ cash shifts; the money is what was too much or too little in the drawer."
    ),
    "guest_count": later(
        "Checks of the dining room with no guests, or more than the table has seats, or more than 50 where seats are "
        "not known ÷ checks of the dining room."
    ),
    "item_card": later("Lines sold whose dish has no menu group, or is neither kitchen nor bar ÷ lines sold."),
    "hall": later("Checks of the dining room that name no hall ÷ checks of the dining room."),
    "recipe_cost": later("Lines sold for money whose cost is not known ÷ lines sold for money."),
    "duration": later(
        "Sales closed before they were opened, after more than 12 hours, or in the dining room within a minute ÷ sales "
        "with both times."
    ),
    "late_data": later(
        "Receipts that appeared, changed or went when their day and the next were over ÷ receipts; the money is by how "
        "much the revenue of their days moved."
    ),
    "reconciliation": later(
        "Days whose receipts do not come to what the till's closed cash shifts say ÷ days with closed cash shifts; the "
        "money is the difference."
    ),
}
MENDS = {
    "table_number": later(
        "Number every table at the till, the bar and the counter too, as on the plan; forbid orders without a table."
    ),
    "payment_method": later(
        "Make a means of payment for each case, staff meals and treats too, and switch off the one called other."
    ),
    "personal_card": later(
        "Give everybody who takes orders a card or code of their own, and block those of people who left."
    ),
    "closed_same_day": later("Close every table on its day: let the till not end the shift while checks are open."),
    "table_seats": later("Enter the seats of each table at the till."),
    "nothing_deleted": later(
        "Let only a manager strike out dishes and void checks, with a reason each, and look at the list every day."
    ),
    "till_keeper": later(
        "Let one person answer for each cash shift, count the drawer when it ends, and close it the same day."
    ),
    "guest_count": later("Let the till ask for the number of guests when an order is opened, and refuse zero."),
    "item_card": later("Put each dish into a menu group that says whether it is kitchen or bar."),
    "hall": later("Give each table its hall at the till, and each hall its till and store."),
    "recipe_cost": later(
        "Give each dish that is sold a recipe card, modifiers and goods too, and post stock documents in time."
    ),
    "duration": later("Open the check when guests sit down and close it when they pay; check the clocks of the tills."),
    "late_data": later(
        "Correct checks on the day itself; find out who changes closed days, and whether a till sends late."
    ),
    "reconciliation": later(
        "Compare the day's shift report with the list of checks: a check was made offline, or money was "
        "booked without a check."
    ),
}
#: What each stream of `mozg.model.STREAMS` is to a reader.
STREAMS = {
    "cash_shifts": later("Cash shifts"),
    "shifts": later("Attendance"),
    "write_offs": later("Write-offs"),
    "purchases": later("Purchases"),
    "stock_counts": later("Stock counts"),
    "ledger_entries": later("Accounting entries"),
    "product_costs": later("Costs of products"),
    "stop_list": later("Stop list"),
    "dining_tables": later("Tables and seats"),
    "payment_types": later("Means of payment"),
}
