"""The names of the danger profile: what can be answered, and what can be set.

A name is a contract: files, content ids and tests use its value. The codes beside the names
(S1, P0, A3 …) are those of the mapping table in docs/danger.md.
"""

from enum import Enum, IntEnum


class Answer(Enum):
    """What was said about a sign; silence and "not sure" are UNKNOWN, never NO."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Sign(Enum):
    """Everything that is answered yes, no or unknown, in the order of the mapping table."""

    # The statutory lethality assessment. Utah Code 77-36-2.1 / Fla. Stat. 741.29.
    WEAPON = "weapon"  # S1
    THREAT_TO_KILL = "threat_to_kill"  # S2
    BELIEVES_WOULD_KILL = "believes_would_kill"  # S3
    STRANGLED = "strangled"  # S4
    GUN_ACCESS = "gun_access"  # S5
    JEALOUS_OR_CONTROLLING = "jealous_or_controlling"  # S6
    SEPARATED = "separated"  # S7
    UNEMPLOYED = "unemployed"  # S8
    SUICIDE_ATTEMPT = "suicide_attempt"  # S9, of the other person
    CHILD_NOT_THEIRS = "child_not_theirs"  # S10
    STALKING = "stalking"  # S11
    OTHER_WORRY = "other_worry"  # S12, open: read by people, never by a rule
    # Previous incidents.
    PHYSICALLY_HURT = "physically_hurt"  # P0
    GETTING_WORSE = "getting_worse"  # P1
    FORCED_SEX = "forced_sex"  # P2
    HURT_IN_PREGNANCY = "hurt_in_pregnancy"  # P3
    HURT_OR_THREATENED_OTHERS = "hurt_or_threatened_others"  # P4
    BROKE_ORDER = "broke_order"  # P5
    LOCKED_IN = "locked_in"  # P6
    # How near the other person can come.
    LIVES_WITH = "lives_with"  # A1
    KNOWS_PLACES = "knows_places"  # A2
    TRACKS_DEVICES = "tracks_devices"  # A3
    CHILD_OR_COURT_CONTACT = "child_or_court_contact"  # A4
    CRITICAL_DATE_SOON = "critical_date_soon"  # A5
    # The state of the other person.
    SUICIDE_TALK = "suicide_talk"  # E1
    HEAVY_SUBSTANCE_USE = "heavy_substance_use"  # E2
    RECENT_LOSS = "recent_loss"  # E3
    OBSESSION = "obsession"  # E4
    # The visitor's own state: no rule reads it, and it never lowers anything.
    OWN_SUICIDAL_THOUGHTS = "own_suicidal_thoughts"  # V1
    EXHAUSTED_OR_ISOLATED = "exhausted_or_isolated"  # V2
    # Other harm.
    ECONOMIC_ABUSE = "economic_abuse"  # H1
    ONLINE_HARASSMENT = "online_harassment"  # H2
    IMAGE_ABUSE = "image_abuse"  # H3
    IMMIGRATION_THREATS = "immigration_threats"  # H4
    PHYSICALLY_HURT_EARLIER = "physically_hurt_earlier"  # H5

    # Signs are counted thousands of times a second; Enum's own hash is a function in Python.
    __hash__ = object.__hash__


class Now(Enum):
    """What makes this moment an emergency, N1 to N6; not given means not set."""

    PERSON_HERE = "person_here_now"
    HOLDS_WEAPON = "holds_weapon_now"
    URGENT_INJURY = "urgent_injury_now"
    SUICIDE_ATTEMPT = "suicide_attempt_now"
    CHILD_IN_DANGER = "child_in_danger_now"
    LOCKED_IN = "locked_in_now"


class OwnLevel(Enum):
    """The visitor's own rating of the danger."""

    NONE = "none"
    SOME = "some"
    HIGH = "high"
    NOW = "now"


class Perception(Enum):
    """What the visitor senses, as it is named among the reasons."""

    FEAR = "fear"
    OWN_LEVEL = "own_level"
    EXPECTS_SERIOUS_HARM = "expects_serious_harm"


class Raise(Enum):
    """The advocate's hand, as it is named among the reasons."""

    RAISED_TO = "raised_to"


class Level(IntEnum):
    """The rank of a danger level. Zero is never worded as safe."""

    NOTHING_NAMED = 0
    CONCERN = 1
    ELEVATED = 2
    HIGH = 3
    IMMEDIATE = 4

    @property
    def id(self) -> str:
        """Its name in files, above zero; at zero there are two (bot/safety/danger.py)."""
        return self.name.lower()


class Domain(Enum):
    """The heading under which a sign is shown: the brief's four criteria, and two more."""

    INCIDENTS = "incidents"
    ACCESS = "access"
    PERCEPTION = "perception"
    STATE_OF_OTHER = "state_of_other"
    OWN_STATE = "own_state"
    OTHER_HARM = "other_harm"


Reason = Sign | Now | Perception | Raise

SIGNS = tuple(Sign)
STATUTE_SIGNS = SIGNS[:11]  # S1 to S11
INCIDENT_SIGNS = SIGNS[12:19]  # P0 to P6
ACCESS_SIGNS = SIGNS[19:24]  # A1 to A5
STATE_SIGNS = SIGNS[24:28]  # E1 to E4
OWN_STATE_SIGNS = SIGNS[28:30]  # V1, V2
OTHER_HARM_SIGNS = SIGNS[30:]  # H1 to H5

# 0 not afraid, 1 a little, 2 often uneasy, 3 very afraid, 4 afraid for my life.
GREATEST_FEAR = 4

# Every reason, in the order in which reasons are named.
EVERY_REASON: tuple[Reason, ...] = (*Now, *SIGNS, *Perception, *Raise)


def domain_of(sign: Sign) -> Domain | None:
    """Under which heading a sign is shown; None for the open question, which is under none."""
    return DOMAINS.get(sign)


def code_of(sign: Sign) -> str:
    """The code of a sign in the mapping table, such as S4 or P0."""
    return CODES[sign]


# S3 is shown with perception; S10 with incidents although it is none. Mapping table, 6.1.
DOMAINS = {
    **dict.fromkeys(INCIDENT_SIGNS, Domain.INCIDENTS),
    **dict.fromkeys(ACCESS_SIGNS, Domain.ACCESS),
    **dict.fromkeys(STATE_SIGNS, Domain.STATE_OF_OTHER),
    **dict.fromkeys(OWN_STATE_SIGNS, Domain.OWN_STATE),
    **dict.fromkeys(OTHER_HARM_SIGNS, Domain.OTHER_HARM),
    Sign.WEAPON: Domain.INCIDENTS,
    Sign.THREAT_TO_KILL: Domain.INCIDENTS,
    Sign.BELIEVES_WOULD_KILL: Domain.PERCEPTION,
    Sign.STRANGLED: Domain.INCIDENTS,
    Sign.GUN_ACCESS: Domain.ACCESS,
    Sign.JEALOUS_OR_CONTROLLING: Domain.STATE_OF_OTHER,
    Sign.SEPARATED: Domain.ACCESS,
    Sign.UNEMPLOYED: Domain.STATE_OF_OTHER,
    Sign.SUICIDE_ATTEMPT: Domain.STATE_OF_OTHER,
    Sign.CHILD_NOT_THEIRS: Domain.INCIDENTS,
    Sign.STALKING: Domain.ACCESS,
}

CODES = {
    **{sign: f"S{number}" for number, sign in enumerate(SIGNS[:12], start=1)},
    **{sign: f"P{number}" for number, sign in enumerate(INCIDENT_SIGNS)},
    **{sign: f"A{number}" for number, sign in enumerate(ACCESS_SIGNS, start=1)},
    **{sign: f"E{number}" for number, sign in enumerate(STATE_SIGNS, start=1)},
    **{sign: f"V{number}" for number, sign in enumerate(OWN_STATE_SIGNS, start=1)},
    **{sign: f"H{number}" for number, sign in enumerate(OTHER_HARM_SIGNS, start=1)},
}
