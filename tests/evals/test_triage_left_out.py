"""Authors are judged with weights that were learnt without them, and dealt so that folds weigh alike."""

from drafter.evals.triage_left_out import author_of, deal_authors


def _rows(**sizes: int) -> list[dict[str, object]]:
    return [{"id": f"{author}-{n:04d}", "issues": ["defective"]} for author, size in sizes.items() for n in range(size)]


def test_an_author_is_named_by_the_letters_of_an_id():
    """Sets keep one author under one beginning."""
    assert author_of({"id": "tre-0028"}) == "tre"


def test_no_author_is_in_two_folds_and_folds_weigh_alike():
    """The longest set stands alone, the short ones together."""
    folds = deal_authors(_rows(ta=6, tb=3, tc=3, td=1), folds=2)
    assert folds == [{"ta", "td"}, {"tb", "tc"}]


def test_who_never_complains_is_not_judged():
    """Scenery is learnt from only."""
    rows = [*_rows(ta=2), {"id": "tn-0001", "issues": []}]
    assert deal_authors(rows, folds=2) == [{"ta"}]
