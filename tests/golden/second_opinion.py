"""A second implementation of the deadline rules, to compare with src/calendar line by line.

It was written from the rules as the product states them, not from the Rust, and takes what kind a day is from
another source (PyPI chinesecalendar). It is slow and plain on purpose: it lists every open interval, cuts the
pauses out, and adds up.

One JSON case a line on standard input:
  {"hours": "Mon-Fri 09:00-18:00", "deemed_next": false, "weekends_roll": true, "start": ms, "unit": "...",
   "amount": n, "percent": p, "pauses": [[ms, ms]], "to": ms}
One line of answer each: due, the instant at which percent of it is used, and what has passed at `to`, all ms.
"""

import datetime
import json
import sys

import chinese_calendar

DAY = 86_400_000
SHANGHAI = 8 * 3_600_000
EPOCH = datetime.date(1970, 1, 1)
NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
KINDS = {}


def kind(date):
    if date not in KINDS:
        off, festival = chinese_calendar.get_holiday_detail(date)
        weekend = date.weekday() >= 5
        KINDS[date] = ("holiday" if festival else "rest") if off else ("make_up" if weekend else "workday")
    return KINDS[date]


def midnight(date):
    return (date - EPOCH).days * DAY - SHANGHAI


def date_of(ms):
    return EPOCH + datetime.timedelta(days=(ms + SHANGHAI) // DAY)


def parse_hours(text):
    week = {}
    for group in text.split("; "):
        days, times = group.split(" ")
        intervals = []
        for part in times.split(","):
            ends = [time.split(":") for time in part.split("-")]
            intervals.append(tuple((int(hour) * 60 + int(minute)) * 60_000 for hour, minute in ends))
        first, _, last = days.partition("-")
        if first == "MakeUp":
            week["MakeUp"] = intervals
        else:
            for name in NAMES[NAMES.index(first) : NAMES.index(last or first) + 1]:
                week[name] = intervals
    return week


def open_on(week, date):
    """The open intervals of a day in ms since 1970."""
    if kind(date) == "holiday":
        intervals = []
    elif kind(date) == "make_up":
        weekdays = [week[name] for name in NAMES[:5] if name in week]
        intervals = week.get("MakeUp", weekdays[0] if weekdays else [])
    else:
        intervals = week.get(NAMES[date.weekday()], [])
    return [(midnight(date) + a, midnight(date) + b) for a, b in intervals]


def window(week, date):
    """What a pause must cover to take the day out: its hours, or all of it where it has none."""
    return open_on(week, date) or [(midnight(date), midnight(date) + DAY)]


def without(intervals, pauses):
    for pause_from, pause_to in pauses:
        cut = []
        for a, b in intervals:
            if pause_to <= a or b <= pause_from or pause_from >= pause_to:
                cut.append((a, b))
            else:
                cut += [(x, y) for x, y in [(a, pause_from), (pause_to, b)] if x < y]
        intervals = cut
    return intervals


def left(case, date):
    """What pauses leave of a day's hours. Natural days are left out whole or not at all."""
    hours = window(case["week"], date)
    rest = without(hours, case["pauses"])
    return rest if case["unit"] == "working_days" or not rest else hours


def days_from(date):
    while True:
        yield date
        date += datetime.timedelta(days=1)


def free_time(case, end):
    """Free intervals from the start to the end (or without end), in order."""
    start = case["start"]
    for date in days_from(date_of(start)):
        if end is not None and midnight(date) >= end:
            return
        if case["unit"] == "natural_hours":
            intervals = [(midnight(date), midnight(date) + DAY)]
        else:
            intervals = open_on(case["week"], date)
        for a, b in without(intervals, case["pauses"]):
            a, b = max(a, start), b if end is None else min(b, end)
            if a < b:
                yield a, b


def counted_days(case):
    """The days that count after the day of receipt, in order."""
    date = date_of(case["start"])
    if case["unit"] == "working_days" and case["deemed_next"]:
        while kind(date) in ("rest", "holiday"):
            date += datetime.timedelta(days=1)
    for date in days_from(date + datetime.timedelta(days=1)):
        works = kind(date) in ("workday", "make_up")
        if (works or case["unit"] == "natural_days") and left(case, date):
            yield date


def close(case, date):
    return window(case["week"], date)[-1][1]


def span(intervals):
    return sum(b - a for a, b in intervals)


def is_days(case):
    return case["unit"].endswith("_days")


def instant(case, need):
    """When `need` ms of the unit's own scale have passed."""
    if need == 0:
        return case["start"]
    if not is_days(case):
        for a, b in free_time(case, None):
            if need <= b - a:
                return a + need
            need -= b - a
    for date in counted_days(case):
        hours = left(case, date)
        length = span(window(case["week"], date))
        whole = span(hours) * DAY // length
        if need <= whole:
            part = -(-length * need // DAY)
            for a, b in hours:
                if part <= b - a:
                    return a + part
                part -= b - a
        need -= whole


def due(case):
    if case["unit"] != "natural_days":
        return instant(case, case["amount"] * (DAY if is_days(case) else 3_600_000))
    days = counted_days(case)
    date = [next(days) for _ in range(case["amount"])][-1]
    while (
        kind(date) == "holiday"
        or (kind(date) == "rest" and case["weekends_roll"])
        or not left(case, date)
    ):
        date += datetime.timedelta(days=1)
    return close(case, date)


def passed(case):
    if case["to"] <= case["start"]:
        return 0
    if not is_days(case):
        return sum(b - a for a, b in free_time(case, case["to"]))
    total = 0
    for date in counted_days(case):
        hours = left(case, date)
        length = span(window(case["week"], date))
        if date >= date_of(case["to"]):
            if date > date_of(case["to"]):
                return total
            worked = sum(max(0, min(b, case["to"]) - a) for a, b in hours)
            return total + worked * DAY // length
        total += span(hours) * DAY // length


def main():
    for line in sys.stdin.readlines():
        case = json.loads(line)
        case["week"] = parse_hours(case["hours"])
        whole = case["amount"] * (DAY if is_days(case) else 3_600_000)
        share = instant(case, -(-whole * case["percent"] // 100))
        print(due(case), share, passed(case))


main()
