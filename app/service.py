"""What the requests of a process share: settings, parsed expressions, the heavy lane."""

from app.cache import Cache
from app.lanes import Lane
from app.settings import Settings


class Service:
    """The shared parts, made from the settings."""

    __slots__ = ("cache", "lane", "settings")

    def __init__(self, settings: Settings) -> None:
        budget = settings.budget
        self.settings = settings
        self.cache = Cache(budget, settings.cached_expressions, settings.cached_characters)
        self.lane = Lane(settings.heavy_workers, settings.heavy_queue, budget.seconds)
