"""The objects of HSDS 3.1 as pydantic models: what a file must hold, and what we hand out.

Each model has the fields of its table, then those that nest other objects (lists, or one object).
In tables (CSV, our database) the nested objects stand apart and name their owner by a foreign key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|[+-]\d\d:?\d\d)?|24:00")


def as_uuid(value: str) -> str:
    """An id in its usual spelling; raises ValueError when it is none."""
    try:
        return str(UUID(value))
    except ValueError:
        raise ValueError("must be a UUID") from None


def as_email(value: str) -> str:
    """An e-mail address; raises ValueError when it can't be one."""
    if not EMAIL.fullmatch(value):
        raise ValueError("must be an e-mail address such as help@example.org")
    return value


def as_uri(value: str) -> str:
    """A web address; raises ValueError when it can't be one."""
    if not URI.fullmatch(value):
        raise ValueError("must be a web address that begins with https://")
    return value


def as_date(value: str) -> str:
    """A day such as 2026-03-01; raises ValueError when it is none."""
    try:
        return date.fromisoformat(value[:10]).isoformat()
    except ValueError:
        raise ValueError("must be a day such as 2026-03-01") from None


def as_moment(value: str) -> str:
    """A day and time; raises ValueError when it is none."""
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("must be a day and time such as 2026-03-01T09:30:00Z") from None
    return value


def as_clock(value: str) -> str:
    """A time of day such as 09:30; raises ValueError when it is none."""
    if not CLOCK.fullmatch(value):
        raise ValueError("must be a time such as 09:30")
    return value


def number_or_text(value: Any) -> Any:
    """A number that a table gives as text, as a number."""
    return float(value) if isinstance(value, str) else value


Id = Annotated[str, AfterValidator(as_uuid)]
Email = Annotated[str, AfterValidator(as_email)]
Uri = Annotated[str, AfterValidator(as_uri)]
Day = Annotated[str, AfterValidator(as_date)]
Moment = Annotated[str, AfterValidator(as_moment)]
Clock = Annotated[str, AfterValidator(as_clock)]
Number = Annotated[float, BeforeValidator(number_or_text)]
Whole = Annotated[int, BeforeValidator(number_or_text)]
Latitude = Annotated[Number, Field(ge=-90, le=90)]
Longitude = Annotated[Number, Field(ge=-180, le=180)]
Age = Annotated[Number, Field(ge=0, le=130)]


class Record(BaseModel):
    """What every object has. `TABLE` is its name in HSDS; empty texts count as nothing."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)
    TABLE: ClassVar[str]
    id: Id

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_nothing(cls, value: Any) -> Any:
        return None if isinstance(value, str) and not value.strip() else value


class Metadata(Record):
    """When a field was changed, and by whom."""

    TABLE = "metadata"
    resource_id: Id | None = None
    resource_type: str | None = None
    last_action_date: Day
    last_action_type: str
    field_name: str
    previous_value: str
    replacement_value: str
    updated_by: str


class Taxonomy(Record):
    """A vocabulary."""

    TABLE = "taxonomy"
    name: str
    description: str
    uri: Uri | None = None
    version: str | None = None
    metadata: list[Metadata] = []


class TaxonomyTerm(Record):
    """A word of a vocabulary."""

    TABLE = "taxonomy_term"
    code: str | None = None
    name: str
    description: str
    parent_id: Id | None = None
    taxonomy: str | None = None
    language: str | None = None
    taxonomy_id: Id | None = None
    term_uri: Uri | None = None
    taxonomy_detail: Taxonomy | None = None
    metadata: list[Metadata] = []


class Attribute(Record):
    """A word of a vocabulary that is true of another object."""

    TABLE = "attribute"
    link_id: Id | None = None
    taxonomy_term_id: Id | None = None
    link_type: str | None = None
    link_entity: str | None = None
    value: str | None = None
    label: str | None = None
    taxonomy_term: TaxonomyTerm | None = None
    metadata: list[Metadata] = []


class Described(Record):
    """What carries attributes and metadata."""

    attributes: list[Attribute] = []
    metadata: list[Metadata] = []


class Language(Described):
    """A language in which somebody can be helped."""

    TABLE = "language"
    service_id: Id | None = None
    location_id: Id | None = None
    phone_id: Id | None = None
    name: str | None = None
    code: str | None = None
    note: str | None = None


class Phone(Described):
    """A number to call or to text."""

    TABLE = "phone"
    location_id: Id | None = None
    service_id: Id | None = None
    organization_id: Id | None = None
    contact_id: Id | None = None
    service_at_location_id: Id | None = None
    number: str
    extension: Whole | None = None
    type: str | None = None
    description: str | None = None
    languages: list[Language] = []


class Contact(Described):
    """A person or a desk that can be asked."""

    TABLE = "contact"
    organization_id: Id | None = None
    service_id: Id | None = None
    service_at_location_id: Id | None = None
    location_id: Id | None = None
    name: str | None = None
    title: str | None = None
    department: str | None = None
    email: Email | None = None
    phones: list[Phone] = []


class Schedule(Described):
    """When somebody is there."""

    TABLE = "schedule"
    service_id: Id | None = None
    location_id: Id | None = None
    service_at_location_id: Id | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    dtstart: Day | None = None
    timezone: Number | None = None
    until: Day | None = None
    count: Whole | None = None
    wkst: Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"] | None = None
    freq: Literal["WEEKLY", "MONTHLY"] | None = None
    interval: Whole | None = None
    byday: str | None = None
    byweekno: str | None = None
    bymonthday: str | None = None
    byyearday: str | None = None
    description: str | None = None
    opens_at: Clock | None = None
    closes_at: Clock | None = None
    schedule_link: Uri | None = None
    attending_type: str | None = None
    notes: str | None = None


class ServiceArea(Described):
    """Whom a service is for, by where they live."""

    TABLE = "service_area"
    service_id: Id | None = None
    service_at_location_id: Id | None = None
    name: str | None = None
    description: str | None = None
    extent: str | None = None
    extent_type: str | None = None
    uri: Uri | None = None


class Address(Described):
    """Where a location is, or where its post goes."""

    TABLE = "address"
    location_id: Id | None = None
    attention: str | None = None
    address_1: str
    address_2: str | None = None
    city: str
    region: str | None = None
    state_province: str
    postal_code: str
    country: str
    address_type: Literal["physical", "postal", "virtual"]


class Accessibility(Described):
    """What makes a location easier for people with a disability."""

    TABLE = "accessibility"
    location_id: Id | None = None
    description: str | None = None
    details: str | None = None
    url: Uri | None = None


class Location(Described):
    """Where a service is given."""

    TABLE = "location"
    location_type: Literal["physical", "postal", "virtual"]
    url: Uri | None = None
    organization_id: Id | None = None
    name: str | None = None
    alternate_name: str | None = None
    description: str | None = None
    transportation: str | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    external_identifier: str | None = None
    external_identifier_type: str | None = None
    languages: list[Language] = []
    addresses: list[Address] = []
    contacts: list[Contact] = []
    accessibility: list[Accessibility] = []
    phones: list[Phone] = []
    schedules: list[Schedule] = []


class Url(Described):
    """One more page on the web."""

    TABLE = "url"
    label: str | None = None
    url: Uri
    organization_id: Id | None = None
    service_id: Id | None = None


class Funding(Described):
    """Who pays."""

    TABLE = "funding"
    organization_id: Id | None = None
    service_id: Id | None = None
    source: str | None = None


class Program(Described):
    """Several services under one name."""

    TABLE = "program"
    organization_id: Id | None = None
    name: str
    alternate_name: str | None = None
    description: str


class OrganizationIdentifier(Described):
    """A number under which an organization is registered."""

    TABLE = "organization_identifier"
    organization_id: Id | None = None
    identifier_scheme: str | None = None
    identifier_type: str
    identifier: str


class Organization(Described):
    """Who gives a service."""

    TABLE = "organization"
    name: str
    alternate_name: str | None = None
    description: str
    email: Email | None = None
    website: Uri | None = None
    tax_status: str | None = None
    tax_id: str | None = None
    year_incorporated: Whole | None = None
    legal_status: str | None = None
    logo: str | None = None
    uri: Uri | None = None
    parent_organization_id: Id | None = None
    additional_websites: list[Url] = []
    funding: list[Funding] = []
    contacts: list[Contact] = []
    phones: list[Phone] = []
    locations: list[Location] = []
    programs: list[Program] = []
    organization_identifiers: list[OrganizationIdentifier] = []


class CostOption(Described):
    """What a service costs."""

    TABLE = "cost_option"
    service_id: Id | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    option: str | None = None
    currency: str | None = None
    amount: Number | None = None
    amount_description: str | None = None


class RequiredDocument(Described):
    """A paper that must be brought."""

    TABLE = "required_document"
    service_id: Id | None = None
    document: str | None = None
    uri: Uri | None = None


class Unit(Described):
    """What capacities are counted in: beds, say."""

    TABLE = "unit"
    name: str
    scheme: str | None = None
    identifier: str | None = None
    uri: Uri | None = None


class ServiceCapacity(Described):
    """How much room there is."""

    TABLE = "service_capacity"
    service_id: Id | None = None
    unit_id: Id | None = None
    available: Number
    maximum: Number | None = None
    description: str | None = None
    updated: Moment
    unit: Unit | None = None


class ServiceAtLocation(Described):
    """A service at one of the places where it is given."""

    TABLE = "service_at_location"
    service_id: Id | None = None
    location_id: Id | None = None
    description: str | None = None
    service_areas: list[ServiceArea] = []
    contacts: list[Contact] = []
    phones: list[Phone] = []
    schedules: list[Schedule] = []
    location: Location | None = None


class Service(Described):
    """What is done for people."""

    TABLE = "service"
    organization_id: Id | None = None
    program_id: Id | None = None
    name: str
    alternate_name: str | None = None
    description: str | None = None
    url: Uri | None = None
    email: Email | None = None
    status: Literal["active", "inactive", "defunct", "temporarily closed"]
    interpretation_services: str | None = None
    application_process: str | None = None
    fees_description: str | None = None
    wait_time: str | None = None
    fees: str | None = None
    accreditations: str | None = None
    eligibility_description: str | None = None
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    assured_date: Day | None = None
    assurer_email: Email | None = None
    licenses: str | None = None
    alert: str | None = None
    last_modified: Moment | None = None
    additional_urls: list[Url] = []
    phones: list[Phone] = []
    schedules: list[Schedule] = []
    service_areas: list[ServiceArea] = []
    service_at_locations: list[ServiceAtLocation] = []
    languages: list[Language] = []
    organization: Organization | None = None
    funding: list[Funding] = []
    cost_options: list[CostOption] = []
    program: Program | None = None
    required_documents: list[RequiredDocument] = []
    contacts: list[Contact] = []
    capacities: list[ServiceCapacity] = []


class MetaTableDescription(Described):
    """What a table of a package holds."""

    TABLE = "meta_table_description"
    name: str | None = None
    language: str | None = None
    character_set: str | None = None


MODELS: Mapping[str, type[Record]] = {
    model.TABLE: model
    for model in (
        # Owners before what they own, so that a foreign key always names what is there already.
        Taxonomy, TaxonomyTerm, Organization, Program, Service, Location, ServiceAtLocation,
        Contact, Phone, Schedule, ServiceArea, Address, Accessibility, Language, Url, Funding,
        OrganizationIdentifier, CostOption, RequiredDocument, Unit, ServiceCapacity, Attribute,
        Metadata, MetaTableDescription,
    )
}  # fmt: skip
"""Every object of the standard by its name."""
