"""What Rasa 3.6.21 does at every turn that a turn does not need, or must not have, taken out.

Measured with `foothold bench` on two cores, one visitor: 71 ms a turn as Rasa comes, 15 ms with
this. Each function names what it replaces; the version is pinned, and a name that is gone in
another version fails at the start, not in a conversation.
"""

from functools import cache
from typing import Any

import aiohttp
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.nlg.callback import CallbackNaturalLanguageGenerator
from rasa.core.utils import AvailableEndpoints
from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.rasa_server.tracker_store import SealedTrackerStore

# The door waits no longer than this either.
ACTION_SECONDS = 10

Order = list[tuple[str, tuple[str, ...]]]


def make_lean(endpoints: AvailableEndpoints) -> AvailableEndpoints:
    """The endpoints, kept open; and Rasa without its detours."""
    must_exist(RemoteAction, "_validate_action_result")
    must_exist(CallbackNaturalLanguageGenerator, "validate_response")
    must_exist(DaskGraphRunner, "run")
    must_exist(Event, "resolve_by_type")
    must_exist(Agent, "_create_tracker_store")
    RemoteAction._validate_action_result = staticmethod(is_an_action_result)  # noqa: SLF001 - see above
    CallbackNaturalLanguageGenerator.validate_response = staticmethod(is_a_response)
    DaskGraphRunner.run = run_in_order
    Agent._create_tracker_store = staticmethod(the_sealed_store)  # noqa: SLF001 - see above
    # Every event that is read asks for its class, which searched through all classes each time.
    Event.resolve_by_type = staticmethod(cache(Event.resolve_by_type))
    endpoints.action = KeptOpen(endpoints.action.url, **endpoints.action.kwargs)
    endpoints.nlg = KeptOpen(endpoints.nlg.url, **endpoints.nlg.kwargs)
    return endpoints


def must_exist(where: type, name: str) -> None:
    """Raises AttributeError when Rasa no longer has what is replaced here."""
    getattr(where, name)


def the_sealed_store(store: Any, domain: Domain) -> SealedTrackerStore:
    """Our store alone; instead of one that falls back to keeping all words open and for ever."""
    if not isinstance(store, SealedTrackerStore):
        raise TypeError("conversations are kept sealed or not at all")
    store.domain = domain
    return store


def is_an_action_result(result: Any) -> bool:
    """Whether an answer of the internal app can be read; instead of a JSON schema each time."""
    events, responses = result.get("events") or [], result.get("responses") or []
    readable = all(isinstance(each.get("event"), str) for each in events)
    if not readable or not all(isinstance(each, dict) for each in responses):
        raise ValueError("not an action result")
    return True


def is_a_response(response: Any) -> bool:
    """Whether words of the internal app can be read; instead of a JSON schema each time."""
    return isinstance(response, dict)


class KeptOpen(EndpointConfig):
    """Speaks over one connection that stays open; instead of a new one for each call."""

    session: aiohttp.ClientSession | None = None

    async def request(self, method: str = "post", json: Any = None, **kwargs: Any) -> Any:
        """The answer as JSON; raises ClientResponseError when the internal app failed."""
        if self.session is None:
            timeout = aiohttp.ClientTimeout(total=ACTION_SECONDS)
            self.session = aiohttp.ClientSession(timeout=timeout)
        async with self.session.request(method, self.url, json=json) as response:
            if response.status >= 400:
                body = await response.content.read()
                raise ClientResponseError(response.status, response.reason, body)
            return await response.json()


def run_in_order(
    runner: DaskGraphRunner,
    inputs: dict[str, Any] | None = None,
    targets: list[str] | None = None,
) -> dict[str, Any]:
    """Runs the graph's nodes one after another; instead of planning it anew with Dask."""
    schema, nodes = runner._graph_schema, runner._instantiated_nodes  # noqa: SLF001 - see above
    wanted = tuple(targets or schema.target_names)
    orders: dict[tuple[str, ...], Order] = runner.__dict__.setdefault("_orders", {})
    if wanted not in orders:
        orders[wanted] = order_of(schema.minimal_graph_schema(list(wanted)))
    done: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
    for name, needs in orders[wanted]:
        done[name] = nodes[name](*(done.get(each, each) for each in needs))
    return dict(done[target] for target in wanted)


def order_of(schema: GraphSchema) -> Order:
    """The nodes of a graph with what each needs, so that none comes before what it needs."""
    ordered: Order = []
    left = dict(schema.nodes)
    while left:
        free = [
            name
            for name, node in left.items()
            if not any(need in left for need in node.needs.values())
        ]
        ordered += [(name, tuple(left.pop(name).needs.values())) for name in free]
    return ordered
