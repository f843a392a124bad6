"""Scores, intervals over groups, permutation tests, ridge regression and distances: numbers in, numbers out."""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submod_attrs={
    "intervals": ["IntervalRule", "cluster_interval", "paired_difference"],
    "mass_univariate": ["compare"],
    "permutation": ["max_t"],
    "ridge": ["ridge_grouped_cv"],
})
