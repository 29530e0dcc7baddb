"""The parts list is sound, within its limit, and says where it is not."""

import pytest

from hardware import bom

HEAD = ",".join(bom._COLUMNS)
ROW = "k,what,maker,number,2,1.5,2026-11,other,no,,estimate: x"


def read(tmp_path, *rows: str, name: str = "bom.csv", more: str = "") -> list[bom.Line]:
    path = tmp_path / name
    path.write_text("\n".join((HEAD + more, *rows)) + "\n", encoding="utf-8")
    return bom.read((path,))


def test_a_gun_costs_no_more_than_its_limit():
    lines = bom.read()
    assert 0 < bom.total_eur(lines) <= bom.LIMIT_EUR
    assert f"{bom.total_eur(lines):.2f}  € a gun" in bom.table(lines)


def test_what_is_single_use_is_priced_apart(tmp_path):
    once = ROW.replace("k,", "once,", 1).replace(",no,", ",yes,")
    lines = read(tmp_path, ROW, once)
    assert bom.total_eur(lines) == 3.0
    assert [line.single_use for line in lines] == [False, True]
    assert any(line.single_use for line in bom.read())


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (ROW.replace("number,2", "number,0"), "above 0"),
        (ROW.replace("1.5", "-1.5"), "above 0"),
        (ROW.replace("1.5", "cheap"), "are numbers"),
        (ROW.replace("2026-11", "last week"), "priced is a year and a month"),
        (ROW.replace("other", ""), "alternative is empty"),
        (ROW.replace("maker", " "), "maker is empty"),
        (ROW.replace(",no,", ",perhaps,"), "single_use is yes or no"),
        (ROW + ",more", "as many columns"),
        (ROW.rsplit(",", 1)[0], "as many columns"),
    ],
)
def test_a_line_that_is_not_sound_is_named(tmp_path, row, why):
    with pytest.raises(ValueError, match=f"line 2: .*{why}"):
        read(tmp_path, row)


def test_a_key_stands_once(tmp_path):
    with pytest.raises(ValueError, match="line 3: k stands twice"):
        read(tmp_path, ROW, ROW)


def test_the_mechanics_list_may_weigh_what_is_bought_by_the_other(tmp_path):
    row = ROW.replace("1.5", "0").replace("other", "").replace(",,estimate", ",0.4,estimate")
    (line,) = read(tmp_path, row + ",carriage", name="bought.csv", more=",moves")
    assert (line.eur, line.mass_g) == (0, 0.4)
    with pytest.raises(ValueError, match="above 0"):
        read(tmp_path, ROW.replace("1.5", "0"))
