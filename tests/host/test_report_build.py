"""What a report adds up and says, against records made and chained by core."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shotlogs import EPOCH_S, HEADER, PROGRAM_TOML, LogMaker, program_of, story

from mesofw.core import errors, records
from mesohost.report import NoSession, ProgramMismatch, build_report
from mesohost.report.model import Figures, Planned

PROGRAM = program_of()
STORY = story(PROGRAM)
REPORT = build_report(STORY.held(), PROGRAM, HEADER)

SUMS = (
    "shots",
    "complete",
    "partial",
    "interrupted",
    "dry",
    "refused",
    "commanded_nl",
    "stepped_nl",
    "measured_nl",
    "uncertain_nl",
    "off_dose",
)


def figures(done: Figures, *names: str) -> tuple[int, ...]:
    return tuple(getattr(done, name) for name in names)


@pytest.mark.parametrize(
    ("zone", "name", "planned", "counts", "standing"),
    [
        (0, "Forehead", (6, 30_000), (6, 4, 1, 1, 1), "done, 2 not complete"),
        (1, "Cheek", (5, 20_000), (5, 4, 1, 0, 0), "done, 1 not complete"),
        (2, "Neck, dry", (3, 0), (0, 0, 0, 0, 0), "not begun"),
    ],
)
def test_zones_planned_and_done(zone, name, planned, counts, standing):
    found = REPORT.zones[zone]
    assert (found.number, found.name) == (zone + 1, name)
    assert (found.planned.shots, found.planned.total_nl) == planned
    done = figures(found.done, "shots", "complete", "partial", "interrupted", "refused")
    assert done == counts
    assert found.standing == standing


def test_session_totals():
    total = REPORT.total
    assert (REPORT.planned_shots, REPORT.planned_nl) == (14, 50_000)
    assert figures(total, "shots", "complete", "partial", "interrupted") == (11, 8, 2, 1)
    assert total.commanded_nl == 6 * 5_000 + 5 * 4_000
    assert total.stepped_nl == 4 * 5_000 + 2_000 + 4 * 4_000 + 1_000
    assert total.uncertain_nl == 5_000
    assert total.delivered_most_nl == total.measured_nl + 5_000
    assert (REPORT.faults, REPORT.pauses, REPORT.overrides) == (1, 1, 1)
    assert REPORT.primed_nl == 100_000
    assert REPORT.counted_nl == STORY.given_nl
    assert REPORT.state == "ended"
    assert REPORT.calibrations == (3,)
    assert REPORT.program_id == PROGRAM.sha256[:8]


def test_measured_depth_and_dose_are_of_complete_shots():
    cheek = REPORT.zones[1].done
    rows = [row for row in REPORT.shots if row.zone == 2 and row.outcome == "complete"]
    depths = [row.depth_measured_um for row in rows]
    assert cheek.measured_um
    assert (cheek.measured_um.least, cheek.measured_um.most) == (min(depths), max(depths))
    assert cheek.measured_um.mean == pytest.approx(sum(depths) / len(depths))
    assert cheek.commanded_um
    assert cheek.commanded_um.mean == 1_800
    assert REPORT.zones[2].done.measured_um is None


def test_an_interrupted_shot_is_uncertain():
    (row,) = [row for row in REPORT.shots if row.outcome == "interrupted"]
    assert row.uncertain_nl == 5_000
    assert row.volume_measured_nl is None
    assert row.depth_measured_um is None
    assert row.duration_ms is None
    assert any("at most 5 µL" in note for note in REPORT.notes)


def test_what_happened_in_plain_words():
    told = [(one.name, one.words) for one in REPORT.happenings]
    for expected in [
        ("override", "the operator accepted a soft limit: the total is beyond the program's limit"),
        ("loaded", "syringe and needle were fitted, 600 µL in the syringe"),
        ("primed", "the fluid path was primed with 60 µL, 540 µL left"),
        ("zone", "zone 1 Forehead was armed, 6 shots to go"),
        ("refused", "a shot was refused: the foot does not touch the skin"),
        ("shot", "shot 3 (zone 1 Forehead) was cut short: the foot left the skin in mid-shot; "),
        ("paused", "paused in zone 1 Forehead: the foot left the skin in mid-shot"),
        ("resumed", "the session was resumed"),
        ("paused", "waiting before zone 2 Cheek"),
        ("shot", "power went in shot 5 (zone 1 Forehead): what was given is uncertain, at most 5"),
        ("boot", "the gun started (start 2)"),
        ("clock", "the clock was set to 2026-03-01 09:30:02 UTC, right to 1200 ms"),
        ("fault", "the gun stopped: the plunger's force is too high"),
        ("cleared", "the operator cleared the fault: the plunger's force is too high"),
        ("ended", "the session ended after 11 shots"),
    ]:
        assert any(name == expected[0] and words.startswith(expected[1]) for name, words in told)
    fault = next(one for one in REPORT.happenings if one.name == "fault")
    assert (fault.code, fault.grave, fault.remedy) == (errors.OCCLUSION, True, "change the needle")


def test_syringes():
    found = [(one.found_nl, one.primed_nl, one.shots) for one in REPORT.syringes]
    assert found == [(600_000, 60_000, 5), (900_000, 20_000, 5), (900_000, 20_000, 1)]
    assert REPORT.syringes[0].left_nl == 600_000 - 60_000 - 3 * 5_000 - 2_000
    assert REPORT.syringes[-1].left_nl == 900_000 - 20_000 - 4_000


def test_time_runs_on_over_a_restart_and_tells_the_clock():
    assert REPORT.began.unix_s == EPOCH_S + 10
    assert REPORT.began.quality_ms == 1_200
    before, after = REPORT.shots[4].when, REPORT.shots[5].when
    assert (before.boot, after.boot) == (1, 2)
    assert 0 < after.running_s - before.running_s < 60
    assert after.unix_s == EPOCH_S + 3_600 + after.at_ms / 1000
    times = [shot.when.running_s for shot in REPORT.shots]
    assert times == sorted(times)


def test_a_shot_that_was_armed_before_is_told_when_it_began():
    told = []
    for armed_ms in (0, 3_000):
        log = LogMaker(program=int(PROGRAM.sha256[:8], 16))
        log.start()
        log.begin()
        log.fit()
        log.arm(1, 6)
        log.at_ms += 4_000
        log.shot(armed_ms=armed_ms)
        log.shot(flag=records.INTERRUPTED, armed_ms=armed_ms)
        report = build_report(log.held(), PROGRAM, HEADER)
        told.append((report.shots, report.ended, report.happenings))
    assert told[0] == told[1]


def test_the_best_setting_of_the_clock_counts():
    log = LogMaker()
    log.start(clock=False)
    log.event(errors.EVENT_CLOCK, EPOCH_S + 500, 9_000)
    log.begin()
    log.arm(1, 1)
    log.shot()
    log.event(errors.EVENT_CLOCK, EPOCH_S, 1_000)
    log.event(errors.EVENT_CLOCK, EPOCH_S + 900, 60_000)
    began = build_report(log.held(), None, HEADER).began
    assert (began.unix_s, began.quality_ms) == (EPOCH_S + 8, 1_000)


def test_without_a_clock_the_pulling_computers_serves():
    log = LogMaker()
    log.start(clock=False)
    log.begin()
    log.arm(1, 1)
    log.shot()
    held = log.held()
    assert build_report(held, None, HEADER).began.unix_s is None
    last = held[-1]
    unix_ms = EPOCH_S * 1000 + last.record.at_ms
    held[-1] = type(last)(last.number, last.record, last.raw, unix_ms)
    began = build_report(held, None, HEADER).began
    assert (began.unix_s, began.quality_ms) == (EPOCH_S + 8, None)


def test_products_and_what_they_gave():
    assert REPORT.program
    (product,) = REPORT.program.products
    assert (product.lot, product.expiry, product.expired) == ("VC-0817", "2026-02-28", True)
    (use,) = product.ingredients
    # 100 mg/mL is 0.1 µg/nl; rounded up.
    assert use.given_most_ug == -(-REPORT.total.delivered_most_nl // 10)
    assert use.limit_ug == 100_000


def test_without_a_program_the_records_tell_what_they_can():
    report = build_report(STORY.held(), None, HEADER)
    assert report.program is None
    assert report.planned_shots is None
    assert [zone.planned for zone in report.zones] == [
        Planned(6, 5_000, 1_500, "nappage"),
        Planned(5, 4_000, 1_800, "nappage"),
    ]
    assert any(note.startswith("No program was given") for note in report.notes)
    assert report.total == REPORT.total


def test_another_program_is_refused():
    other = program_of(PROGRAM_TOML.replace("shots = 6", "shots = 7"))
    with pytest.raises(ProgramMismatch) as refused:
        build_report(STORY.held(), other, HEADER)
    assert PROGRAM.sha256[:8] in str(refused.value)
    assert other.sha256[:8] in str(refused.value)


def two_sessions() -> LogMaker:
    """Session 1 of 2 shots, a new program, session 2 of 3 shots; restarts between and after."""
    log = LogMaker(program=1)
    log.start()
    log.begin()
    log.arm(1, 2)
    log.shot()
    log.shot()
    log.end()
    log.restart()
    log.program = 2
    log.event(errors.EVENT_PROGRAM, 2)
    log.begin((errors.BEYOND_SHOT_LIMIT, errors.BEYOND_ZONE_LIMIT))
    log.arm(1, 3)
    for _ in range(3):
        log.shot()
    log.end()
    log.restart()
    return log


@pytest.mark.parametrize(
    ("session", "number", "shots", "overrides", "program"),
    [
        (None, 2, 3, 2, "00000002"),
        (2, 2, 3, 2, "00000002"),
        (1, 1, 2, 0, "00000001"),
    ],
)
def test_a_sessions_own_records(session, number, shots, overrides, program):
    report = build_report(two_sessions().held(), None, HEADER, session=session)
    assert (report.session, report.total.shots, report.overrides) == (number, shots, overrides)
    assert report.program_id == program
    assert report.state == "ended"
    assert "boot" not in [one.name for one in report.happenings]


@pytest.mark.parametrize(
    ("raws", "session", "words"),
    [
        (two_sessions().raws, 9, "no session 9\n    to do: name one that it holds: 1, 2"),
        (two_sessions().raws[:2], None, "the log holds no session"),
        ([], None, "the log holds no records"),
        ([], 1, "the log holds no records"),
    ],
)
def test_no_such_session(raws, session, words):
    log = LogMaker(raws=list(raws))
    with pytest.raises(NoSession) as refused:
        build_report(log.held(), None, HEADER, session=session)
    assert words in str(refused.value)


@pytest.mark.parametrize(("events", "state"), [([], "open"), ([errors.EVENT_PROGRAM], "replaced")])
def test_a_session_that_was_not_ended(events, state):
    log = LogMaker()
    log.start()
    log.begin()
    log.arm(1, 2)
    log.shot()
    log.open = False
    for event in events:
        log.event(event)
    report = build_report(log.held(), None, HEADER)
    assert report.state == state
    assert any(("more may" if state == "open" else "took its place") in n for n in report.notes)


def test_of_two_sessions_with_one_number_the_later_counts():
    log = LogMaker(session=6)
    log.start()
    log.begin()
    log.arm(1, 1)
    log.shot()
    log.end()
    log.session = 7
    log.begin()
    log.end()
    log.session = 6
    log.begin()
    log.arm(1, 2)
    log.shot()
    log.shot()
    assert build_report(log.held(), None, HEADER, session=7).total.shots == 2


@pytest.mark.parametrize("share", [0.7, 1.0])
def test_doses_beyond_what_is_allowed(share):
    log = LogMaker(error_nl=0)
    log.start()
    log.begin()
    log.arm(1, 2)
    log.shot(volume_nl=5_000, share=share)
    log.shot(volume_nl=50_000, share=share)
    report = build_report(log.held(), None, HEADER)
    assert report.total.off_dose == (2 if share < 1 else 0)
    assert any("further off" in note for note in report.notes) == (share < 1)


def test_notes_of_doubt():
    held = two_sessions().held()
    last_shot = max(index for index, one in enumerate(held) if one.record.is_shot)
    cut = [*held[: last_shot - 1], held[last_shot]]
    open_report = build_report(cut, None, replace_header(hardware_verified=True))
    text = "\n".join(open_report.notes)
    assert "lacks 1 shot of this session: 2." in text
    assert "not ended when the log was pulled" in text
    assert "add up to" in text
    assert "The log is not whole" in text
    assert open_report.gun.hardware_verified


def replace_header(**values):
    return type(HEADER)(
        **{name: getattr(HEADER, name) for name in HEADER.__struct_fields__} | values
    )


def test_a_gun_of_an_unknown_head_is_not_verified():
    assert not build_report(STORY.held(), PROGRAM, None).gun.hardware_verified


def test_an_interrupted_event_is_no_shot():
    log = two_sessions()
    log.event(errors.EVENT_CLOCK, EPOCH_S)
    raw = bytearray(log.raws[-1])
    record = records.Record()
    records.unpack(raw, record)
    record.flags = records.INTERRUPTED | records.OPEN_SESSION
    records.pack_result(raw, record)
    log.raws[-1] = bytes(raw)
    report = build_report(log.held(), None, HEADER)
    assert report.total.interrupted == 0
    assert report.happenings[-1].words.endswith("power went while this was written")


SHOTS = st.lists(
    st.tuples(
        st.sampled_from([records.COMPLETE, records.PARTIAL, records.INTERRUPTED]),
        st.integers(0, 60_000),
        st.integers(0, 13_000),
        st.floats(0, 1),
        st.booleans(),
    ),
    max_size=40,
)


@given(SHOTS, st.booleans())
def test_totals_are_the_sums_of_the_records(shots, cut_power):
    log = LogMaker()
    log.start()
    log.begin()
    for flag, volume_nl, depth_um, share, next_zone in shots:
        if next_zone or not log.zone_shots:
            log.arm(log.zone + 1, 9)
        log.shot(depth_um, volume_nl, flag, share=share)
        if flag == records.INTERRUPTED and cut_power:
            log.restart()
    held = log.held()
    report = build_report(held, None, HEADER)
    own = [one.record for one in held if one.record.is_shot]
    total = report.total
    assert total.shots == len(own) == len(report.shots)
    assert total.commanded_nl == sum(record.volume_nl for record in own)
    assert total.stepped_nl == sum(record.volume_stepped_nl for record in own)
    assert total.measured_nl == sum(record.volume_measured_nl for record in own)
    assert total.complete + total.partial + total.interrupted == total.shots
    for name in SUMS:
        assert sum(getattr(zone.done, name) for zone in report.zones) == getattr(total, name)
    assert total.uncertain_nl == sum(row.uncertain_nl for row in report.shots)
    assert total.measured_nl == sum(row.volume_measured_nl or 0 for row in report.shots)
    assert report.counted_nl == log.given_nl
    assert not any("add up to" in note or "lacks" in note for note in report.notes)
    assert report.chain.whole
