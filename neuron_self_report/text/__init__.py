"""Texts before any model reads them: loading, generated corpora, splits by group, condition sets."""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submod_attrs={
    "loading": ["load_texts"],
    "corpora": ["builtin_texts"],
    "documentation": ["python_docs"],
    "splits": ["split_groups"],
    "conditions": ["condition_set", "load_conditions"],
})
