"""A ticket brings progress out and the wish to stop in, also from another thread."""

from __future__ import annotations

import threading

import pytest

from vivavoce.core.ticket import Ticket
from vivavoce.errors import Cancelled, KnownError


def test_progress_is_reported_and_kept_between_nothing_and_all():
    told: list[tuple[str, float]] = []
    ticket = Ticket(lambda stage, fraction: told.append((stage, fraction)))
    for fraction in (-0.5, 0.25, 1.5):
        ticket.progress("listening", fraction)
    assert told == [("listening", 0.0), ("listening", 0.25), ("listening", 1.0)]


def test_without_a_listener_progress_is_still_a_place_to_stop():
    ticket = Ticket()
    ticket.progress("listening", 0.5)
    ticket.cancel()
    with pytest.raises(Cancelled):
        ticket.progress("listening", 0.6)


def test_a_cancelled_ticket_stops_at_every_check_and_reports_nothing_more():
    told: list[str] = []
    ticket = Ticket(lambda stage, _: told.append(stage))
    ticket.check()
    assert not ticket.cancelled
    ticket.cancel()
    ticket.cancel()
    assert ticket.cancelled
    for _ in range(2):
        with pytest.raises(Cancelled):
            ticket.check()
    with pytest.raises(Cancelled):
        ticket.progress("judging", 1.0)
    assert told == []


def test_to_be_cancelled_is_nothing_wrong():
    assert not issubclass(Cancelled, KnownError)


def test_work_on_another_thread_stops_when_it_is_cancelled_here():
    begun = threading.Event()
    ended: list[str] = []
    ticket = Ticket(lambda _stage, _fraction: begun.set())

    def work() -> None:
        try:
            while True:
                ticket.progress("working", 0.5)
        except Cancelled:
            ended.append("cancelled")

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(30)
    ticket.cancel()
    thread.join(30)
    assert not thread.is_alive()
    assert ended == ["cancelled"]


def test_two_tickets_know_nothing_of_each_other():
    first, second = Ticket(), Ticket()
    first.cancel()
    second.check()
