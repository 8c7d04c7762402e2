from __future__ import annotations

import pytest

from recx_agent.datasets.titles import split_year, spoken_title


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Speed (1994)", ("Speed", "1994")),
        (
            "Marlene Dietrich: Shadow and Light (1996) ",
            ("Marlene Dietrich: Shadow and Light", "1996"),
        ),
        ("Land Before Time III (1995) (V)", ("Land Before Time III", "1995")),
        ("Seven (Se7en) (1995)", ("Seven (Se7en)", "1995")),
        ("Seven (Se7en)", ("Seven (Se7en)", "")),
        ("1984", ("1984", "")),
        ("(1984)", ("(1984)", "")),
    ],
)
def test_the_year_is_taken_off(title: str, expected: tuple[str, str]) -> None:
    assert split_year(title) == expected


@pytest.mark.parametrize(
    ("title", "spoken"),
    [
        ("Usual Suspects, The", "The Usual Suspects"),
        ("Fish Called Wanda, A", "A Fish Called Wanda"),
        ("American in Paris, An", "An American in Paris"),
        ("Postino, Il", "Il Postino"),
        ("Enfer, L'", "L'Enfer"),
        ("Boot, Das", "Das Boot"),
        ("Misérables, Les", "Les Misérables"),
        ("Bewegte Mann, Der", "Der Bewegte Mann"),
        ("Good, The Bad and The Ugly, The", "The Good, The Bad and The Ugly"),
        ("Lost World: Jurassic Park, The", "The Lost World: Jurassic Park"),
        ("Beans of Egypt, Maine, The", "The Beans of Egypt, Maine"),
        ("Convent, The (Convento, O)", "The Convent (O Convento)"),
        ("Eye of Vichy, The (Oeil de Vichy, L')", "The Eye of Vichy (L'Oeil de Vichy)"),
        ("Die xue shuang xiong (Killer, The)", "Die xue shuang xiong (The Killer)"),
        ("Visitors, The (Visiteurs, Les)", "The Visitors (Les Visiteurs)"),
        ("Paris, Texas", "Paris, Texas"),
        ("Niagara, Niagara", "Niagara, Niagara"),
        ("I, Worst of All (Yo, la peor de todas)", "I, Worst of All (Yo, la peor de todas)"),
        ("The Courtyard", "The Courtyard"),
        ("Theodore Rex", "Theodore Rex"),
        (", The", ", The"),
    ],
)
def test_the_article_comes_first(title: str, spoken: str) -> None:
    assert spoken_title(title) == spoken
