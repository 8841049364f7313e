"""The statistics as a terminal shows them."""

import io

import pytest
from rich.console import Console

from stickprov_client.cli.statistics_tables import statistics_view
from stickprov_client.demo.expectations import unexpected_figures
from support.quarter import quarter


def shown(language, width=132, **changes) -> list[str]:
    """Lines as people see them: a no-break space looks like a space."""
    page = io.StringIO()
    view = statistics_view(quarter().model_copy(update=changes), language)
    Console(file=page, width=width, highlight=False).print(view)
    return [" ".join(line.replace("\N{NO-BREAK SPACE}", " ").split()) for line in page.getvalue().splitlines()]


def test_each_month_stands_with_its_counts_its_share_and_its_exact_interval():
    lines = shown("sv")

    assert "januari 2021 2 663 156 156 28 17,9 % 28/156 331–657 12,4–24,7 %" in lines
    assert "februari 2021 2 663 159 159 29 18,2 % 29/159 339–663 12,7–24,9 %" in lines
    assert "mars 2021 2 663 194 194 47 24,2 % 47/194 495–815 18,6–30,6 %" in lines


def test_the_legend_says_the_letters_in_words_and_names_the_interval():
    lines = shown("sv")

    assert (
        "N: ramens storlek. n: dragna. x: med anmärkning. Intervall: 95 %, exakt, hypergeometriskt; enheter, och andel."
    ) in lines


def test_pooled_and_mean_are_two_figures_each_with_its_name():
    lines = shown("sv")

    assert "Sammanlagd andel med anmärkning 20,4 % 104/509" in lines
    assert "Medel av månadernas andelar 20,1 % alla månader väger lika" in lines
    assert "Urvalsfraktion 6,4 % 509/7 989" in lines


def test_the_combined_interval_is_named_approximate():
    expected = "Med anmärkning i alla ramar 1 353 till 1 913 av 7 989 (hushåll) (16,9–23,9 %; 95 %, ungefärligt, MOVER)"

    assert expected in shown("sv")


def test_categories_are_counted_by_month_and_together():
    lines = shown("sv")

    assert "Kategori jan feb mars Sammanlagt Andel av granskade" in lines
    assert "Insättningar på konto 18 18 30 66 13,0 % 66/509" in lines


def test_the_positions_say_what_the_figures_know():
    assert shown("sv")[-1] == "Enligt loggarna till och med plats: sampler 519, findings 509"


def test_english_says_the_same_with_its_own_signs():
    lines = shown("en")

    assert "January 2021 2,663 156 156 28 17.9% 28/156 331–657 12.4–24.7%" in lines
    assert "Deposits on account 18 18 30 66 13.0% 66/509" in lines


def test_what_is_not_reviewed_yet_is_a_dash_and_not_a_zero():
    unknown = quarter().months[0].model_copy(update={"interval": None})

    lines = shown("sv", months=[unknown], interval=None, mean_of_months=None)

    assert "januari 2021 2 663 156 156 28 17,9 % 28/156 – –" in lines
    assert "Medel av månadernas andelar – alla månader väger lika" in lines


@pytest.mark.parametrize("width", [80, 100])
def test_a_narrow_terminal_loses_no_figure(width):
    text = " ".join(shown("sv", width=width))

    assert "…" not in text
    for figure in ("331–657", "104/509", "20,4", "66/509", "1 913"):
        assert figure in text


def test_text_from_a_plan_is_never_taken_for_markup():
    category = quarter().categories[0].model_copy(update={"sv": "[bold]Swish[/bold]"})

    lines = shown("sv", categories=[category], measure="[red]mått", unit_name="[b]hushåll")

    assert any("[bold]Swish[/bold]" in line for line in lines)
    assert "AMF-2021-3 · [red]mått" in lines
    assert any("[b]hushåll" in line for line in lines)


def test_the_documents_figures_are_as_expected():
    assert unexpected_figures(quarter()) == []


def test_another_figure_is_named_with_both_values():
    statistics = quarter()
    months = [*statistics.months[:2], statistics.months[2].model_copy(update={"remarks": 46})]

    (line,) = unexpected_figures(statistics.model_copy(update={"months": months}))

    assert line.startswith("N, n, reviewed, x and interval of 2021-03: ('2 663', '194', '194', '46', '495–815'), not ")
