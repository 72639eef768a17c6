"""The works that a paragraph on methods cites: key → (how it is cited in the text, the whole reference)."""

from __future__ import annotations

REFERENCES: dict[str, tuple[str, str]] = {
    "benjamini1995": (
        "Benjamini & Hochberg 1995",
        "Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate: a practical and powerful approach "
        "to multiple testing. Journal of the Royal Statistical Society: Series B, 57(1), 289–300.",
    ),
    "broder1997": (
        "Broder 1997",
        "Broder, A. Z. (1997). On the resemblance and containment of documents. In Proceedings of Compression and "
        "Complexity of SEQUENCES 1997 (pp. 21–29). IEEE.",
    ),
    "chan2021": (
        "Chan et al. 2021",
        "Chan, C., Bajjalieh, J., Auvil, L., Wessler, H., Althaus, S., Welbers, K., van Atteveldt, W., & Jungblut, M. "
        "(2021). Four best practices for measuring news sentiment using ‘off-the-shelf’ dictionaries: a large-scale "
        "p-hacking experiment. Computational Communication Research, 3(1), 1–27.",
    ),
    "efron1993": (
        "Efron & Tibshirani 1993",
        "Efron, B., & Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman & Hall.",
    ),
    "grimmer2013": (
        "Grimmer & Stewart 2013",
        "Grimmer, J., & Stewart, B. M. (2013). Text as data: the promise and pitfalls of automatic content analysis "
        "methods for political texts. Political Analysis, 21(3), 267–297.",
    ),
    "harris2020": (
        "Harris et al. 2020",
        "Harris, C. R., Millman, K. J., van der Walt, S. J., et al. (2020). Array programming with NumPy. Nature, 585, "
        "357–362.",
    ),
    "hutto2014": (
        "Hutto & Gilbert 2014",
        "Hutto, C. J., & Gilbert, E. (2014). VADER: a parsimonious rule-based model for sentiment analysis of social "
        "media text. Proceedings of the International AAAI Conference on Web and Social Media, 8(1), 216–225.",
    ),
    "krippendorff2019": (
        "Krippendorff 2019",
        "Krippendorff, K. (2019). Content Analysis: An Introduction to Its Methodology (4th ed.). SAGE.",
    ),
    "labov1972": ("Labov 1972", "Labov, W. (1972). Sociolinguistic Patterns. University of Pennsylvania Press."),
    "lijffijt2016": (
        "Lijffijt et al. 2016",
        "Lijffijt, J., Nevalainen, T., Säily, T., Papapetrou, P., Puolamäki, K., & Mannila, H. (2016). Significance "
        "testing of word frequencies in corpora. Digital Scholarship in the Humanities, 31(2), 374–397.",
    ),
    "mckinney2010": (
        "McKinney 2010",
        "McKinney, W. (2010). Data structures for statistical computing in Python. In Proceedings of the 9th Python in "
        "Science Conference (pp. 56–61).",
    ),
    "phipson2010": (
        "Phipson & Smyth 2010",
        "Phipson, B., & Smyth, G. K. (2010). Permutation P-values should never be zero: calculating exact P-values "
        "when permutations are randomly drawn. Statistical Applications in Genetics and Molecular Biology, 9(1), "
        "Article 39.",
    ),
    "rogan1978": (
        "Rogan & Gladen 1978",
        "Rogan, W. J., & Gladen, B. (1978). Estimating prevalence from the results of a screening test. American "
        "Journal of Epidemiology, 107(1), 71–76.",
    ),
    "virtanen2020": (
        "Virtanen et al. 2020",
        "Virtanen, P., Gommers, R., Oliphant, T. E., et al. (2020). SciPy 1.0: fundamental algorithms for scientific "
        "computing in Python. Nature Methods, 17, 261–272.",
    ),
}
