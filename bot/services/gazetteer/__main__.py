"""Makes the gazetteer: python -m bot.services.gazetteer FILE."""

from bot.services.gazetteer.build import main

main()
