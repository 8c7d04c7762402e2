"""What each scorer of the family is, in a line of the report."""

from __future__ import annotations

ABOUT = {
    "bleu_1": "Words that stand in the reference too (BLEU-1 of sacrebleu); says nothing of truth.",
    "bleu_4": "Runs of up to four words shared with the reference (BLEU-4 of sacrebleu).",
    "rouge_1": "F of words shared with the reference (ROUGE-1).",
    "rouge_2": "F of pairs of words shared with the reference (ROUGE-2).",
    "rouge_l": "F of the longest common run of words, gaps allowed (ROUGE-L).",
    "distinct_1": "Different words over all words of all texts.",
    "distinct_2": "Different pairs of words over all pairs.",
    "usr": "Different texts over all texts; full as soon as titles differ.",
    "opener_share": "Share of the texts that open with the commonest four words.",
    "skeleton_share": "Share of the texts with the commonest skeleton: less quotes and numbers.",
    "jaccard": "Words that two texts share, over all words of both; mean over pairs.",
    "words": "Words of a text; of a Chinese one, characters.",
    "sentence_words": "Words a sentence; of a Chinese text, characters.",
    "readability": "Automated readability index: school years that the text asks for. English.",
    "fmr": "Share of the texts that speak of their own gold feature.",
    "fcr": "Share of all features that any text speaks of.",
    "div": "Features that two texts share, in the mean.",
}


class Described:
    """Gives ``about`` to a scorer that has a ``name``."""

    name: str

    @property
    def about(self) -> str:
        """In a line; empty for a name that is not listed."""
        return ABOUT.get(self.name, "")
