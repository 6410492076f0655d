"""Settings of a client."""


class Config:
    """Keeps what it is given."""

    def __init__(self, **options):
        self.options = options
