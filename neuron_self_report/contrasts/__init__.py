"""Two lists of prompts: capture, contrasts, localisers, representational similarity."""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submod_attrs={
    "capture": ["ActivationCapture"],
    "contrast": ["ActivationStats", "Comparison"],
    "localiser": ["estimate_effect", "select_units"],
    "similarity": ["compare_rdms"],
})
