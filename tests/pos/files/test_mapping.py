import pytest

from mozg.errors import MappingError
from mozg.pos.files import Mapping
from mozg.pos.files.mapping import Columns, Join, Status

LINES = '[columns]\nreceipt = "n"\nitem = "dish"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('shap = "lines"\n' + LINES, r"unknown key shap\. Did you mean shape\?"),
        ('[columns]\nreciept = "n"\n', r"unknown key columns\.reciept\. Did you mean columns\.receipt\?"),
        (LINES + '[[join]]\nfile = "m"\non = "a"\nkeys = "b"\n', r"unknown key join\.keys\. Did you mean join\.key\?"),
        ('notes = "x"\n' + LINES, "unknown key notes"),
        (LINES + "[zzz]\n", r"unknown key zzz\. Known keys here: shape"),
        ('[columns]\nitem = "dish"\n', r"columns\.receipt: Field required"),
        ('shape = "tall"\n' + LINES, "shape: Input should be 'lines', 'receipts' or 'wide'"),
        ('[columns]\nreceipt = "n"\n', r"shape = 'lines' needs columns\.item"),
        ('shape = "receipts"\n' + LINES, r"shape = 'receipts' has no use for columns\.item"),
        ('shape = "wide"\n[columns]\nreceipt = "n"\n', "dishes lists the dish columns"),
        ("max_rejected_share = 2.0\n" + LINES, "max_rejected_share"),
        ("shape = ", "not valid TOML"),
    ],
)
def test_a_wrong_mapping_is_refused_by_key(write, text, sentence):
    with pytest.raises(MappingError, match=sentence):
        Mapping.load(write("till.toml", text))


def test_a_missing_mapping_is_a_sentence(tmp_path):
    with pytest.raises(MappingError, match=r"none\.toml cannot be read"):
        Mapping.load(tmp_path / "none.toml")


def test_what_is_written_reads_back(write):
    mapping = Mapping(
        shape="lines",
        receipt_numbers="restart daily",
        day_start_hour=5,
        max_rejected_share=0.1,
        columns=Columns(receipt="№ чека", item='say "cheese"', status="s"),
        status=Status(void=["Отменён"]),
        join=[Join(file="menu.csv", on="a", key="b")],
        notes={"": "First line.\nSecond line.", "columns.item": "A dish.", "join.menu.csv": "Why.", "status": "Seen."},
    )
    text = mapping.dumps()
    for note in ("# First line.", "# Second line.", "# A dish.", "# Why.", "# Seen."):
        assert note in text
    assert Mapping.load(write("till.toml", text)) == mapping.model_copy(update={"notes": {}})
