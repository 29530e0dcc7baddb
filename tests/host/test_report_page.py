"""The report as page, table and JSON: self-contained, escaped, equal to the report's figures."""

import csv
import io
import json
import re
from html.parser import HTMLParser

import pytest
from shotlogs import HEADER, PROGRAM_TOML, LogMaker, program_of, story

from mesofw.core import errors
from mesohost.report import build_report, summary, to_csv, to_json
from mesohost.report.export import COLUMNS
from mesohost.report.page import to_html

PROGRAM = program_of()
REPORT = build_report(story(PROGRAM).held(), PROGRAM, HEADER)
PAGE = to_html(REPORT)
VOID = {"meta", "br"}


class Reader(HTMLParser):
    """Tags, attributes and text of a page; checks that tags close in their order."""

    def __init__(self, page: str):
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if not self._open or self._open[-1] != "style":
            self.text += " ".join(data.split()) + " "


def awkward_program():
    text = PROGRAM_TOML
    for old, new in [
        ('"Nappage of the face"', "'<script>alert(1)</script>\"'"),
        ('"P-0042"', "'</title><img src=x>'"),
        ('"Forehead"', "'\"><script>a()</script>'"),
        ('"Cheek"', "'=1+1 id=\"b\" url(#c)'"),
        ('"Vitamin complex"', "'{{ 7*7 }}</td>'"),
        ('"VC-0817"', "'&lt;b>'"),
    ]:
        assert old in text
        text = text.replace(old, new)
    return program_of(text)


AWKWARD = awkward_program()
AWKWARD_REPORT = build_report(
    story(AWKWARD).held(), AWKWARD, type(HEADER)(1, "a", "b", "<i>gun</i>", "</p>", "&", True)
)
EMPTY = LogMaker()
EMPTY.start(clock=False)
EMPTY.begin()
PAGES = {
    "all of it": PAGE,
    "awkward names": to_html(AWKWARD_REPORT),
    "no program": to_html(build_report(story(PROGRAM).held(), None, None)),
    "no shots": to_html(build_report(EMPTY.held(), None, HEADER)),
    "a broken log": to_html(
        build_report(story(PROGRAM).held()[::2], PROGRAM, HEADER, damage=["<b>"], torn=True)
    ),
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_page_runs_and_loads_nothing(page):
    read = Reader(page)
    assert not {"script", "img", "iframe", "object", "link", "i"} & set(read.tags)
    for name, value in read.attributes:
        assert not name.startswith("on"), name
        if name in ("href", "xlink:href", "src"):
            assert value
            assert value.startswith("#")
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)
    assert "default-src 'none'" in page


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_ids_are_used_once_and_links_lead_somewhere(page):
    read = Reader(page)
    ids = [value for name, value in read.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    links = {value[1:] for name, value in read.attributes if name == "xlink:href" and value}
    links |= set(re.findall(r"url\(#([^)]+)\)", "".join(v or "" for _, v in read.attributes)))
    assert links <= set(ids)


def test_awkward_names_are_text():
    text = Reader(PAGES["awkward names"]).text
    for shown in (
        '<script>alert(1)</script>"',
        "</title><img src=x>",
        '1 "><script>a()</script>',
        '2 =1+1 id="b" url(#c)',
        "{{ 7*7 }}</td>",
        "&lt;b>",
        "<i>gun</i>",
    ):
        assert shown in text


def test_the_page_says_what_must_be_said():
    text = Reader(PAGE).text
    for words in (
        "Nappage of the face",
        "P-0042",
        "HARDWARE NOT VERIFIED.",
        "hardware_verified: false",
        "delivered (estimate)",
        "at most 5 µL",
        "EXPIRED",
        "the gun stopped: the plunger's force is too high",
        "change the needle",
        "2026-03-01 08:30:10 UTC",
        PROGRAM.sha256,
        "chain whole",
        "an estimate: nobody measured what left the needle",
    ):
        assert words in text, words
    assert "not given to this report" in Reader(PAGES["no program"]).text
    assert "clock not set" in Reader(PAGES["no shots"]).text
    broken = Reader(PAGES["a broken log"]).text
    assert "THE LOG IS NOT WHOLE." in broken
    assert "chain broken" in broken
    assert "HARDWARE NOT VERIFIED" not in Reader(PAGES["awkward names"]).text


def test_pictures_are_there_and_named():
    assert PAGE.count("<svg ") == 3
    assert PAGES["no shots"].count("<svg ") == 0
    read = Reader(PAGE)
    labels = [value for name, value in read.attributes if name == "aria-label"]
    assert "Needle depth and volume given over time" in labels
    assert "needle depth (mm)" in read.text


def test_a_page_is_the_same_each_time():
    assert to_html(REPORT) == PAGE


def test_csv_has_a_row_a_shot_and_units_in_its_header():
    rows = list(csv.DictReader(io.StringIO(to_csv(REPORT), newline="")))
    assert len(rows) == REPORT.total.shots
    assert list(rows[0]) == [name for name, _ in COLUMNS]
    for column, total in (
        ("volume_commanded_nl", REPORT.total.commanded_nl),
        ("volume_stepped_nl", REPORT.total.stepped_nl),
        ("volume_measured_nl", REPORT.total.measured_nl),
        ("volume_uncertain_at_most_nl", REPORT.total.uncertain_nl),
    ):
        assert sum(int(row[column] or 0) for row in rows) == total
    cut, uncertain = rows[2], rows[4]
    assert (cut["outcome"], cut["stopped_by"]) == ("partial", "contact_lost")
    assert (uncertain["outcome"], uncertain["volume_measured_nl"]) == ("interrupted", "")
    assert rows[0]["utc"] == "2026-03-01T08:30:40.000Z"
    assert rows[0]["program"] == PROGRAM.sha256[:8]


def test_csv_holds_no_formula():
    names = {row["zone_name"] for row in csv.DictReader(io.StringIO(to_csv(AWKWARD_REPORT)))}
    assert '\'=1+1 id="b" url(#c)' in names


def test_json_is_the_whole_report():
    read = json.loads(to_json(REPORT))
    assert read["format"] == 1
    assert read["gun"]["hardware_verified"] is False
    assert read["total"]["measured_nl"] == REPORT.total.measured_nl
    assert [zone["done"]["shots"] for zone in read["zones"]] == [6, 5, 0]
    assert len(read["shots"]) == 11
    assert read["chain"] == {
        "whole": True,
        "records": REPORT.chain.records,
        "first": 1,
        "last": REPORT.chain.last,
        "problems": [],
    }
    fault = next(one for one in read["happenings"] if one["name"] == "fault")
    assert fault["code"] == errors.OCCLUSION


def test_the_summary_is_plain_lines_of_the_same_figures():
    rows = summary.rows(REPORT)
    assert [row[1] for row in rows] == ["6 of 6", "5 of 5", "0 of 3", "11 of 14"]
    assert rows[0][4] == "≤ 5 µL"
    lines = summary.plain(rows)
    assert len(lines) == 1 + len(rows)
    assert (
        len(
            {line.index(word) for line, word in zip(lines, ("shots", "6 of", "5 of"), strict=False)}
        )
        == 1
    )
    assert summary.remarks(REPORT)[0].startswith("HARDWARE NOT VERIFIED")
