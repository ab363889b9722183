"""What a safety plan can hold, and which of it fits a person: the same situation, the same plan.

Nothing here is decided for anybody. What fits is offered, in an order; what does not fit can be
asked for. The danger level and what matters most to a person change the order, never what there is.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

from bot.safety.signs import Level
from bot.safety.when import ALWAYS, NO, When, facts_of

# What a step could let another person notice, from the least on; unsure counts as maybe.
NOTICED = ("no", "maybe", "yes")
# Where it leaves a trace.
TRACES = ("none", "device", "bill", "bank", "account_mail", "paper", "people")
UNDONE = ("yes", "partly", "no")
TAKES = ("minutes", "hour", "day", "weeks", "ongoing")
COSTS = ("free", "little", "more", "depends")

# Facts that tailor a plan. Each is asked for only where it can change the plan, each may stay
# unknown; immigration status itself is never asked (reference: facts that `when:` may use).
FACTS = (
    "lives_together",
    "wants_to_leave",
    "leaving_soon",
    "has_left",
    "children",
    "pregnant",
    "pets",
    "works",
    "studies",
    "has_order",
    "wants_order",
    "monitored_phone",
    "tracker_suspected",
    "harassed_online",
    "image_abuse",
    "stalked",
    "money_controlled",
    "weapon_near",
    "minor",
    "older",
    "disabled",
    "deaf",
    "lgbtq",
    "immigrant",
    "interpreter",
    "honour_based",
    "rural",
    "man",
    "indigenous",
    "military_or_police",
    "not_intimate",
    "custody_disputed",
    "court_date",
    "strangled",
    "forced_sex",
    "physically_hurt",
    "own_suicidal_thoughts",
    "exhausted_or_isolated",
)

# What else a visitor told, and the facts that it speaks of.
TOLD_BY: Mapping[str, tuple[str, ...]] = {
    "lives_with": ("lives_together",),
    "lives_with:no": ("lives_together:no",),
    "device": ("monitored_phone",),
    "wants:want_phone": ("monitored_phone", "tracker_suspected"),
    "wants:want_money": ("money_controlled",),
    "wants:want_legal": ("wants_order",),
    "wants:want_place": ("wants_to_leave",),
    "stalking": ("stalked", "tracker_suspected"),
    "tracks_devices": ("monitored_phone", "tracker_suspected"),
    "jealous_or_controlling": ("monitored_phone",),
    "economic_abuse": ("money_controlled",),
    "online_harassment": ("harassed_online",),
    "image_abuse": ("harassed_online",),
    "broke_order": ("has_order",),
    "gun_access": ("weapon_near",),
    "weapon": ("weapon_near",),
    "separated": ("has_left",),
    "separated:not_a_partner": ("not_intimate",),
    "physically_hurt_earlier": ("physically_hurt",),
    "hurt_in_pregnancy": ("physically_hurt",),
    "stalking:no": ("stalked:no",),
    "economic_abuse:no": ("money_controlled:no",),
    "online_harassment:no": ("harassed_online:no",),
}

# Begins the key of what matters most, and of its priority.
FIRST = "first_"

# Of a part that many steps fit, the first two stay first: whom to call, what always helps.
LEADING = 2

ASKED_FOR = "asked_for"


@dataclass(frozen=True)
class Labels:
    """What a step means for who might be watching.

    `noticed`: could the other person notice. `trace`: where it leaves one. `undo`: can it be
    undone. `time`: how long it takes. `cost`: what it costs. Values: the tuples above.
    """

    noticed: str = "maybe"
    trace: tuple[str, ...] = ("none",)
    undo: str = "yes"
    time: str = "minutes"
    cost: str = "free"

    @property
    def loudness(self) -> tuple[int, int]:
        """How much it shows: whether it may be noticed, then how many traces it leaves."""
        return NOTICED.index(self.noticed), len([each for each in self.trace if each != "none"])


@dataclass(frozen=True)
class PlanItem:
    """One step that could be in a plan; its words are found by `id`."""

    id: str
    when: When = ALWAYS
    labels: Labels = Labels()
    source: str = ""


@dataclass(frozen=True)
class PlanSection:
    """One part of a plan.

    `warn_first` opens with its caution, always. `grave_first` stands at the head of a plan
    where the danger level is high.
    """

    id: str
    items: tuple[PlanItem, ...]
    when: When = ALWAYS
    warn_first: bool = False
    grave_first: bool = False


@dataclass(frozen=True)
class Priority:
    """What matters most to a person: which parts come first and last for it.

    `quiet` puts the steps first that show and leave the least.
    """

    id: str
    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    quiet: bool = False


@dataclass(frozen=True)
class Conflict:
    """Steps that fight each other, or a step that fights a fact.

    It is there when any of `steps` is in a plan, and any of `against` too, where there are some,
    and `when` holds. `safer` are the steps that should come before, in order.
    """

    id: str
    steps: tuple[str, ...]
    against: tuple[str, ...] = ()
    when: When = ALWAYS
    safer: tuple[str, ...] = ()


@dataclass(frozen=True)
class Surprise:
    """Something that can go wrong on the way out, and the steps that repair the gap."""

    id: str
    repairs: tuple[str, ...]
    when: When = ALWAYS


@dataclass(frozen=True)
class LifeEvent:
    """Something that changed since a plan was made.

    `facts` are what it tells, `<fact>` or `<fact>:no`. `asks` are the facts that it makes worth
    asking again, `parts` those parts of the plan that are looked at again.
    """

    id: str
    facts: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """Everything a plan can be made of."""

    sections: tuple[PlanSection, ...] = ()
    priorities: tuple[Priority, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    surprises: tuple[Surprise, ...] = ()
    events: tuple[LifeEvent, ...] = ()

    def section(self, name: str) -> PlanSection:
        """A part by its id; raises KeyError."""
        for each in self.sections:
            if each.id == name:
                return each
        raise KeyError(name)

    @cached_property
    def items(self) -> Mapping[str, PlanItem]:
        """Every item by its id."""
        return {item.id: item for section in self.sections for item in section.items}

    @cached_property
    def section_of(self) -> Mapping[str, str]:
        """The part in which each item stands."""
        return {item.id: section.id for section in self.sections for item in section.items}


@dataclass(frozen=True)
class Situation:
    """What a plan is tailored by.

    `facts` hold a fact that was told by its name, and `<fact>:no` for one that was denied; what is
    not there is not known. `asked_for` are parts that the person wants to see all the same.
    """

    facts: AbstractSet[str] = frozenset()
    level: Level = Level.NOTHING_NAMED
    priorities: tuple[str, ...] = ()
    asked_for: AbstractSet[str] = frozenset()


@dataclass(frozen=True)
class OfferedItem:
    """A step that fits, and the facts that brought it; none where it is for everybody."""

    item: PlanItem
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfferedSection:
    """A part that fits, with its steps in their order, and what brought it."""

    section: PlanSection
    items: tuple[OfferedItem, ...]
    because: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The id of the part."""
        return self.section.id


def is_told(fact: str, facts: AbstractSet[str]) -> bool:
    """Whether it is known if a fact is so."""
    return fact in facts or f"{fact}:{NO}" in facts


def facts_told(answers: Mapping[str, str]) -> frozenset[str]:
    """The facts that answers tell, with those that follow from them."""
    told = facts_of(answers)
    return told | {fact for each in told for fact in TOLD_BY.get(each, ())}


def tailored(catalogue: Catalogue, situation: Situation) -> tuple[OfferedSection, ...]:
    """The parts that fit a situation, in the order for this person."""
    offered = (offered_section(catalogue, each, situation) for each in catalogue.sections)
    fitting = [each for each in offered if each.items]
    order = section_order(catalogue, situation)
    return tuple(sorted(fitting, key=lambda each: order[each.id]))


def offered_section(
    catalogue: Catalogue, section: PlanSection, situation: Situation
) -> OfferedSection:
    """A part with the steps that fit; without any where the part itself does not fit."""
    asked = section.id in situation.asked_for
    fits = section.when.holds(situation.facts)
    if not fits and not asked:
        return OfferedSection(section, ())
    brought = section.when.met_by(situation.facts) if fits else (ASKED_FOR,)
    items = [
        OfferedItem(item, tuple(dict.fromkeys((*item.when.met_by(situation.facts), *brought))))
        for item in section.items
        if item.when.holds(situation.facts) or (asked and item.when.may_hold(situation.facts))
    ]
    return OfferedSection(section, in_order(items, quiet=is_quiet(catalogue, situation)), brought)


def in_order(items: Iterable[OfferedItem], *, quiet: bool) -> tuple[OfferedItem, ...]:
    """The steps of a part: the leading ones, those that an answer brought, the others.

    For somebody who wants to stay unseen, those that show and leave the least come right after
    the leading ones: whom to call in an emergency stays first for everybody.
    """
    items = list(items)
    general = [each for each in items if each.item.when == ALWAYS]
    special = [each for each in items if each.item.when != ALWAYS]
    others = [*special, *general[LEADING:]]
    if quiet:
        others.sort(key=lambda each: each.item.labels.loudness)
    return (*general[:LEADING], *others)


def is_quiet(catalogue: Catalogue, situation: Situation) -> bool:
    """Whether the person wants to stay unseen before all else."""
    return any(each.quiet for each in chosen_priorities(catalogue, situation))


def chosen_priorities(catalogue: Catalogue, situation: Situation) -> tuple[Priority, ...]:
    """What matters most to the person, in the order in which they said it."""
    known = {each.id: each for each in catalogue.priorities}
    return tuple(known[name] for name in situation.priorities if name in known)


def section_order(catalogue: Catalogue, situation: Situation) -> dict[str, tuple[int, int, int]]:
    """The place of every part, also of those that do not fit.

    In high danger a few parts stand first; then what matters most to the person; then the rest.
    """
    chosen = chosen_priorities(catalogue, situation)
    first = list(dict.fromkeys(name for each in chosen for name in each.first))
    last = {name for each in chosen for name in each.last} - set(first)
    grave = situation.level >= Level.HIGH

    def wanted(name: str) -> int:
        """Its place by what matters most: named first, not named, named last."""
        if name in first:
            return first.index(name)
        return len(first) + (name in last)

    return {
        section.id: (0 if grave and section.grave_first else 1, wanted(section.id), place)
        for place, section in enumerate(catalogue.sections)
    }
