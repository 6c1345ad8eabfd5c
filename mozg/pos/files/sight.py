"""What can be seen in an export before anything is decided: its columns, their profiles, and who could be what."""

from collections.abc import Sequence
from functools import cached_property

from .amounts import DecimalMark
from .joined import Export
from .links import Linked
from .profile import Profile
from .vocabulary import fit, speaks_of_anything

LEAST_DISHES = 3
LEAST_BLANK = 0.4

_ROLES = (
    "amount", "receipt", "date", "time", "closed", "item", "items", "item_id", "quantity", "unit_price", "category",
    "variant", "discount", "vat", "guests", "waiter", "table", "hall", "channel", "status", "payment",
)  # fmt: skip
_NUMBERS = {"amount", "quantity", "unit_price", "discount", "vat", "guests"}
_NAMES = {"item", "items", "category", "variant", "waiter", "hall", "channel", "status", "payment"}


class Sight:
    """An export seen column by column. ``roles`` gives the best column of each role, ``amounts`` all sums of money."""

    def __init__(self, export: Export, linked: Linked, decimal: DecimalMark) -> None:
        self.export, self.linked, self.decimal = export, linked, decimal
        keys = {f"{join.file}:{join.key}" for join, _ in linked.joins}
        names = [name for name in export.header if name not in keys]
        self.profiles = {name: Profile(name, export.column(name), decimal) for name in names}
        self.roles: dict[str, str] = {}
        self.amounts: list[str] = []
        self._assign()

    def of(self, role: str) -> Profile | None:
        """Return the profile of the column that has ``role``."""
        return self.profiles[self.roles[role]] if role in self.roles else None

    @cached_property
    def dishes(self) -> list[str]:
        """Columns of the export that count one dish each.

        At least three of them are mostly blank. Their neighbours belong to them, well sold or never sold, as long as
        these hold counts or nothing and are called like nothing else.
        """
        header = self.export.tables[0].header
        counting = [i for i, name in enumerate(header) if self._may_count(name)]
        rare = [i for i in counting if self._is_mostly_blank(self.profiles[header[i]])]
        if len(rare) < LEAST_DISHES:
            return []
        first, last = rare[0], rare[-1]
        while first - 1 in counting:
            first -= 1
        while last + 1 in counting:
            last += 1
        return [header[i] for i in range(first, last + 1) if i in counting]

    def _may_count(self, name: str) -> bool:
        profile = self.profiles[name]
        if name in self.roles.values() or name in self.amounts or speaks_of_anything(name):
            return False
        counts = [number for number in profile.numbers if number is not None]
        return profile.known == 0 or (profile.is_number and all(n >= 0 and n == int(n) for n in counts))

    @staticmethod
    def _is_mostly_blank(profile: Profile) -> bool:
        blank = sum(1 for number in profile.numbers if not number)
        return profile.known > 0 and blank >= LEAST_BLANK * len(profile.numbers)

    def _assign(self) -> None:
        """Give each role the free column whose name says it best and whose values can be that."""
        candidates = [
            (fit(name.rpartition(":")[2], role), -order, -position, role, name)
            for order, role in enumerate(_ROLES)
            for position, name in enumerate(self.profiles)
        ]
        taken: set[str] = set()
        for score, _, _, role, name in sorted(candidates, reverse=True):
            if score == 0 or name in taken or role in self.roles or not self._can_be(self.profiles[name], role):
                continue
            taken.add(name)
            if role == "amount":
                self.amounts.append(name)
            else:
                self.roles[role] = name
        self._assign_by_values(taken)

    def _assign_by_values(self, taken: set[str]) -> None:
        free = [profile for name, profile in self.profiles.items() if name not in taken]
        if "date" not in self.roles:
            self._take("date", [profile for profile in free if profile.is_moment and not profile.is_number])
        date = self.of("date")
        if "time" not in self.roles and date and not date.has_times:
            self._take("time", [profile for profile in free if profile.is_time])
        if date and date.has_times:
            self.roles.pop("time", None)

    def _take(self, role: str, candidates: Sequence[Profile]) -> None:
        if candidates:
            self.roles[role] = candidates[0].name

    @staticmethod
    def _can_be(profile: Profile, role: str) -> bool:
        if role in _NUMBERS:
            return profile.is_number
        if role in _NAMES:
            return profile.is_text or (role in {"item", "table"} and profile.known > 0 and not profile.is_moment)
        if role in {"date", "closed"}:
            return profile.is_moment
        if role == "time":
            return profile.is_time
        return profile.known > 0 and not profile.is_moment and not profile.is_time
