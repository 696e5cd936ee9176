"""TikTokLive's README: a streakable gift is taken when its streak is over, so many times; a gift of another type is one."""

from tests.conformance.advice import added_up, main, of_the_event


def answer(path: str) -> dict[str, int]:
    """What the events of a log come to."""
    return added_up(path, lambda event: (event.times if event.end else 0) if event.kind == 1 else 1, of_the_event)


if __name__ == "__main__":
    main(answer)
