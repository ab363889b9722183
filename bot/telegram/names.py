"""Takes names out of what Telegram sends, before anything else of ours sees it.

It also fills in what other servers than Telegram's own leave out, so that the library can read it.
"""

from __future__ import annotations

from typing import Any

# Who somebody is, in any object of the Bot API (its documentation, November 2026).
WHO = frozenset({
    "active_usernames", "author_signature", "bio", "birthdate", "business_intro", "emails",
    "first_name", "invite_link", "last_name", "personal_chat", "phone_number", "sender_user_name",
    "title", "username", "vcard",
})  # fmt: skip
NOBODY = "-"
"""Telegram's own objects must have a first name."""

MILLISECONDS = 100_000_000_000
"""A date beyond this was counted in milliseconds."""


def nameless(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer of the Bot API without names of anybody but bots."""
    result = answer.get("result")
    if result is None and answer.get("ok"):
        return {**answer, "result": True}
    if isinstance(result, dict) and "message_id" in result:
        # A message that we sent: what is in it we know.
        chat = result.get("chat") or {"id": 0, "type": "private"}
        result = {"message_id": result["message_id"], "date": result.get("date") or 0, "chat": chat}
    elif isinstance(result, dict) and "username" in result:
        result = {"is_bot": True, **result}  # getMe
    return {**answer, "result": without_names(result)}


def without_names(part: Any) -> Any:
    """Any part of an answer without names."""
    if isinstance(part, list):
        return [without_names(each) for each in part]
    if not isinstance(part, dict):
        return part
    if part.get("is_bot") is True:
        return part
    told = {key: without_names(value) for key, value in part.items() if key not in WHO}
    return completed(told, part)


def completed(told: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """An object with what the library needs in it, and nobody's name."""
    if "first_name" in whole and "type" not in whole:
        told |= {"first_name": NOBODY}
        if "phone_number" in whole:
            told |= {"phone_number": NOBODY}
        else:
            told.setdefault("is_bot", False)
    if isinstance(told.get("date"), int | float) and told["date"] > MILLISECONDS:
        told["date"] = int(told["date"] / 1000)
    if "data" in told and "from" in told:
        told.setdefault("chat_instance", NOBODY)
        if isinstance(told.get("message"), dict):
            told["message"] = {"message_id": 0, "date": 0, **told["message"]}
    if "sender_user_name" in whole:
        told["sender_user_name"] = NOBODY
    return told
