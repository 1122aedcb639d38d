"""A link holds a whole question and gives it back; a damaged one says what is wrong."""

import base64
import json
import zlib
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import TandemError
from models.scenarios.presets import PRESETS, preset
from models.scenarios.scenario import Scenario, read_scenario
from questions.question import PACKED, Question, asked, canonical, pack, read_query, same_effect, unpack

pytestmark = pytest.mark.unit

HELD = ["2025-07", "2025-08"]


def read(query: dict[str, str]) -> Question:
    return read_query(query, "QK1", HELD, lambda month: f"of {month}")


def request_for(scenario: Scenario, **changes) -> Question:
    return Question(
        **(
            {"scope": "QK1", "month": "2025-08", "edition": "of 2025-08", "document": canonical(scenario)}
            | changes
        )
    )


numbers = st.floats(0, 100).map(lambda value: round(value, 1))


@st.composite
def scenarios(draw) -> Scenario:
    levers = draw(
        st.lists(
            st.one_of(
                st.fixed_dictionaries(
                    {
                        "lever": st.just("virtual_by_default"),
                        "first": numbers,
                        "follow_up": numbers,
                        "ceilings": st.dictionaries(st.sampled_from(["C_110", "C_130", "X03"]), numbers),
                    }
                ),
                st.fixed_dictionaries(
                    {
                        "lever": st.just("extra_sessions"),
                        "clinics": numbers,
                        "starts": st.sampled_from(["+4w", "2026-04-06"]),
                        "providers": st.just(["RWE"]),
                    }
                ),
            ),
            max_size=2,
        )
    )
    return read_scenario(
        {
            "name": "own",
            "title": draw(st.text(max_size=20)),
            "levers": levers,
            "assumptions": draw(st.dictionaries(st.just("virtual_repeat"), st.floats(0, 40))),
        }
    )


@given(scenarios(), st.integers(52, 156), st.integers(10, 100), st.integers(1, 999_999))
def test_a_link_gives_back_the_question_it_was_made_from(scenario, weeks, replications, seed):
    request = request_for(scenario, weeks=weeks, replications=replications, seed=seed)
    link = urlsplit(request.link("http://127.0.0.1/scenario_lab"))
    query = {name: values[0] for name, values in parse_qs(link.query).items()}
    assert query.pop("board") == "QK1"
    assert link.path == "/scenario_lab"
    assert read(query) == request
    assert read(query).digest == request.digest


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_named_and_not_packed(name):
    assert pack(preset(name)) == name
    assert unpack(name) == preset(name)


def test_what_a_link_leaves_out_is_usual():
    found = read({})
    assert (found.month, found.edition) == ("2025-08", "of 2025-08")
    assert (found.weeks, found.replications, found.seed) == (104, 30, 1)
    assert found.scenario == preset("baseline")
    assert not asked({"board": "QK1"})
    assert asked({"seed": "2"})


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"weeks": "lots"}, "weeks as 'lots', which is not a whole number"),
        ({"weeks": "1000"}, "weeks as 1,000, which the lab does not run"),
        ({"weeks": "-5"}, "not a whole number"),
        ({"replications": "9"}, "replications as 9"),
        ({"seed": "²"}, "not a whole number"),
        ({"asof": "August"}, "'August' is not a month"),
        ({"asof": "2031-01"}, "January 2031, which are not held here"),
        ({"scenario": "virtual-99"}, "no preset scenario called 'virtual-99'"),
        ({"scenario": "z.garbage"}, "can't be read"),
        ({"scenario": "z."}, "can't be read"),
        ({"scenario": "z.é"}, "can't be read"),
    ],
)
def test_a_wrong_part_is_named_with_a_remedy(query, said):
    with pytest.raises(TandemError) as fault:
        read(query)
    assert said in fault.value.message
    assert fault.value.remedy


def test_an_unknown_scenario_is_named_no_longer_than_is_read_and_asks_for_no_code():
    with pytest.raises(TandemError) as fault:
        unpack("x" * 500)
    assert fault.value.message == f"There is no preset scenario called {'x' * 40!r}."
    assert fault.value.remedy == "Ask for the link again, or choose a scenario below."


def packed(text: str) -> str:
    return PACKED + base64.urlsafe_b64encode(zlib.compress(text.encode())).decode()


def test_a_link_cut_short_is_refused():
    whole = pack(read_scenario({"name": "own", "levers": [{"lever": "extra_sessions", "clinics": 7}]}))
    for end in range(len(PACKED), len(whole) - 1, 7):
        with pytest.raises(TandemError, match="cut short or altered"):
            unpack(whole[:end])


def test_a_bomb_in_a_link_is_refused():
    with pytest.raises(TandemError, match="cut short or altered"):
        unpack(packed("[" + "0," * 5_000_000 + "0]"))
    with pytest.raises(TandemError):
        unpack(packed("[" * 9_000 + "]" * 9_000))


def test_settings_out_of_range_are_refused_by_name():
    bad = json.dumps({"name": "own", "levers": [{"lever": "virtual_by_default", "first": 170}]})
    with pytest.raises(TandemError, match="first appointments held virtually is 170, outside 0 to 100%"):
        unpack(packed(bad))


def test_a_name_does_not_make_another_run_but_an_effect_does():
    own = read_scenario(
        {"name": "mine", "title": "Mine", "levers": preset("virtual-70").document()["levers"]}
    )
    assert same_effect(own, preset("virtual-70"))
    assert request_for(own).digest == request_for(preset("virtual-70")).digest
    for changes in ({"seed": 2}, {"weeks": 105}, {"scope": "QE1"}, {"edition": "revised"}):
        assert request_for(own, **changes).digest != request_for(own).digest
    assert request_for(own).baseline.scenario.levers == ()
