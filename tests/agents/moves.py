"""All that the adversary tries: its moves in an order by chance, and tricks with spellings and with time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from tests.agents.adversary import Adversary
from tests.agents.world import ZONE

Move: TypeAlias = Callable[[Adversary], None]


def dress_a_recipient_up(agent: Adversary) -> None:
    """Spellings that one program reads as a registered address, and another as somebody else's."""
    key, claim, address = agent.want()
    held = agent.ask(key, claim)
    local, _, domain = address.partition("@")
    for to in (
        f"{local[:-1]}\u0430@{domain}",
        f"{local}@{domain.replace('e', chr(0x435))}",
        f"{local}@{domain.replace('.', chr(0x3002))}",
        f"{address}\u200b",
        f"{local}@hr.{domain}",
        f"{local}@{domain}.evil.example",
        f"{local}@x{domain}",
        f"{local}@{domain}.",
        f'"{local}"@{domain}',
        f"{local}%{domain}@evil.example",
        f"@evil.example:{address}",
        f"{local}\0@{domain}",
        f"{local}+x@{domain}",
        f"{local}.@{domain}",
        f"boss+{local}@{domain}",
        address.upper(),
    ):
        with suppress(UnicodeError):
            agent.mail([to], claim, held.text if held else "")


def use_a_permit_at_its_last_moment(agent: Adversary) -> None:
    key, claim, address = agent.want()
    held = agent.ask(key, claim)
    for minutes in agent.chance.choice(((10,), (11,), (9, 1), (9, 1, 1))):
        agent.judge.later(minutes=minutes)
        agent.mail([address], claim, held.text if held else "")


def wait_for_the_stroke(agent: Adversary) -> None:
    """Get a permit just before the hour at which the employer's day ends or begins, and use it then."""
    then = agent.judge.server.now.astimezone(ZoneInfo(ZONE)) + timedelta(hours=1)
    then = then.replace(hour=agent.chance.choice((0, 8, 20)), minute=0)
    if then < agent.judge.server.now:
        then += timedelta(days=1)
    agent.judge.server.now = then - timedelta(minutes=5)
    key, claim, address = agent.want()
    held = agent.ask(key, claim)
    agent.judge.server.now = then
    agent.mail([address], claim, held.text if held else "")
    agent.ask_and_send()


def turn_the_servers_clock_back(agent: Adversary) -> None:
    """Wait until a clock is set right, or was set wrong by whoever runs the servers."""
    key, claim, address = agent.want()
    now, held = agent.judge.server.now, agent.ask(key, claim)
    for step in ({"seconds": 30}, {"minutes": 10}, {"hours": 9}, {"days": 1}):
        agent.judge.server.now = now - timedelta(**step)
        agent.mail([address], claim, held.text if held else "")
        again = agent.ask(key, claim)
        agent.mail([address], claim, again.text if again else "")
    agent.judge.server.now = now


def give_the_employer_another_place(agent: Adversary) -> None:
    """Another name or zone would open other hours, or a second budget."""
    said = {"employer": "Acme Holding", "timezone": "Asia/Tokyo"}
    since = (agent.judge.server.now - timedelta(minutes=1)).isoformat()
    word = agent.call("propose", key="acme", word="change", arguments={**said, "at": since})
    agent.call("change", key="acme", **said)
    agent.call("confirm", id=word)
    agent.call("register", key="acme", recipient="example", shared=True)
    agent.ask_and_send()


MOVES: tuple[Move, ...] = (
    Adversary.ask_and_send,
    Adversary.ask_and_send,
    Adversary.send_again_at_once,
    Adversary.send_without_a_permit,
    Adversary.try_each_channel,
    Adversary.try_other_applications,
    Adversary.try_other_names,
    Adversary.make_words_up,
    Adversary.take_back_what_was_sent,
    Adversary.say_that_all_is_known,
    Adversary.try_many_times,
    Adversary.turn_the_clock,
    Adversary.use_an_old_permit,
    Adversary.use_one_permit_for_two,
    Adversary.thank_one_for_two,
    Adversary.use_a_permit_for_another,
    Adversary.forge_a_permit,
    Adversary.hide_a_recipient,
    dress_a_recipient_up,
    use_a_permit_at_its_last_moment,
    wait_for_the_stroke,
    turn_the_servers_clock_back,
    give_the_employer_another_place,
    Adversary.send_from_two_servers_at_once,
    Adversary.do_it_without_sending,
)
