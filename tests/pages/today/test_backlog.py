"""The Backlog page says what the store holds, for the board, month and narrowing asked for."""

import pytest
from streamlit.testing.v1 import AppTest

from data.database.store import Store
from data.returns import lists
from tests.pages.conftest import Open

pytestmark = pytest.mark.integration

BACKLOG = "pages/today/backlog.py"


def said(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(element.value for element in (*app.markdown, *app.caption))


def answer(app: AppTest) -> str:
    """The sentence the page leads with."""
    assert not app.exception
    return str(app.markdown[0].value)


def test_the_default_board_leads_with_its_sentence(open_page: Open, reference_store: Store) -> None:
    app = open_page(BACKLOG)
    held = lists.trend(reference_store, "QK1").iloc[-1]
    assert (held["incomplete"], held["within_18"], held["over_52"]) == (112_685, 59_167, 3_409)
    # 59,167 / 112,685 = 52.5 in 100
    assert answer(app) == (
        "## 112,685 pathways are waiting in Leicester, Leicestershire and Rutland. 53 in 100 have waited "
        "under 18 weeks; the standard is 92. 3,409 have waited over a year."
    )
    # England: 4,458,454 / 7,312,356 = 61.0 in 100; 188,702 of them = 25.8 in 1,000; 3,409 here = 30.3
    assert "In England: 7,312,356 waiting, 61 in 100 under 18 weeks and 26 in 1,000 over a year" in said(app)
    assert "; here 30 in 1,000." in said(app)
    assert "Waiting lists to **August 2025**" in said(app)


def test_england_in_an_earlier_month(open_page: Open) -> None:
    app = open_page(BACKLOG, board="ENGLAND", month="2025-06")
    assert answer(app).startswith("## 7,367,836 pathways are waiting in England. 62 in 100")  # 4,533,070
    assert "In England:" not in said(app)  # it does not stand beside itself


def test_choosing_a_board_changes_the_page_and_the_address(open_page: Open, reference_store: Store) -> None:
    app = open_page(BACKLOG, function="C_110")
    app.selectbox(key="choose_board").select("QF7").run()
    waiting = lists.trend(reference_store, "QF7").iloc[-1]["incomplete"]
    assert answer(app).startswith(f"## {waiting:,} pathways are waiting in South Yorkshire.")
    assert app.query_params["board"] == "QF7"
    assert "function" not in app.query_params  # the narrowing belonged to the board before
    assert "**a**: Sheffield Teaching Hospitals has reported nothing since June 2025, with 91,323" in said(
        app
    )


def test_the_board_is_kept_on_the_way_to_another_page_and_back(open_page: Open) -> None:
    app = open_page(BACKLOG, board="QF7")
    app.switch_page("pages/about/data.py").run()
    app.query_params.clear()
    app.switch_page(BACKLOG).run()
    assert "in South Yorkshire" in answer(app)
    assert app.query_params["board"] == "QF7"


def test_a_link_can_narrow_to_a_treatment_function_at_a_provider(
    open_page: Open, reference_store: Store
) -> None:
    app = open_page(BACKLOG, function="C_110", provider="RWE")
    weeks = lists.profile(reference_store, "QK1", "2025-08", provider="RWE", treatment_function="C_110")
    assert answer(app).startswith(
        f"## {weeks.sum():,} pathways are waiting for trauma and orthopaedics at University Hospitals of "
        "Leicester in Leicester, Leicestershire and Rutland."
    )
    assert f"{weeks[52:].sum():,} have waited over a year." in answer(app)
    assert "In England, for trauma and orthopaedics:" in said(app)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"board": "QX9"}, "There is no board 'QX9'."),
        ({"month": "2019-01"}, "The store holds no month '2019-01'. Shown is August 2025"),
        ({"function": "C_999"}, "Nothing is waiting under treatment function 'C_999'"),
        ({"provider": "RHQ"}, "Nothing is waiting under provider 'RHQ'"),  # Sheffield is in another board
    ],
)
def test_a_choice_that_is_not_there_is_explained_and_the_default_shown(
    open_page: Open, query: dict[str, str], words: str
) -> None:
    app = open_page(BACKLOG, **query)
    assert [words in warning.value for warning in app.warning] == [True]
    assert answer(app).startswith("## 112,685 pathways are waiting in Leicester")


def test_treatment_functions_are_ranked_and_so_are_providers(open_page: Open) -> None:
    app = open_page(BACKLOG)
    heat, ranking = [table.value for table in app.dataframe][-2:]
    assert ranking["name"].iloc[0] == "Oral surgery"
    assert ranking["pressure"].iloc[0] == ranking["pressure"].max()
    assert heat["function"].tolist() == ranking["name"].tolist()
    assert heat["all"].tolist() == ranking["pressure"].tolist()
    app.segmented_control(key="ranking").set_value("Providers").run()
    providers = app.dataframe[-1].value
    assert providers["name"].iloc[0] == "University Hospitals of Leicester"
    assert providers["waiting"].sum() == 112_685  # every provider of the board is there


def test_of_england_the_largest_providers_stand_first_and_all_on_request(open_page: Open) -> None:
    app = open_page(BACKLOG, board="ENGLAND")
    heat = app.dataframe[-2].value
    assert heat.shape == (23, 2 + 12)  # the names, all providers, the twelve largest
    assert "R0A" in heat  # Manchester, the largest list
    app.toggle(key="heat_all").set_value(True).run()
    assert app.dataframe[-2].value.shape[1] == 2 + 476


def test_the_heat_table_shows_other_measures(open_page: Open, reference_store: Store) -> None:
    app = open_page(BACKLOG)
    app.segmented_control(key="heat_measure").set_value("share_within_18").run()
    heat = app.dataframe[-2].value.set_index("function")
    grid = lists.grid(reference_store, "QK1", "2025-08").set_index(["provider", "treatment_function"])
    cell = grid.loc[("RWE", "C_110")]
    assert heat.loc["Trauma and orthopaedics", "RWE"] == pytest.approx(100 * cell.within_18 / cell.waiting)
