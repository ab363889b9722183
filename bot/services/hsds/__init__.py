"""The standard of the field, as we read and write it: Open Referral HSDS 3.1.

Source: https://docs.openreferral.org, schemas of version 3.1 (CC BY-SA 4.0). The names of objects
and fields are facts of the standard; a test holds these models and the published schemas together.
"""

from bot.services.hsds.models import MODELS, Record

__all__ = ["MODELS", "Record"]
