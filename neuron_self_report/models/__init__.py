"""A language model, its units, reading and writing them, and the certificate."""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submod_attrs={
    "lm": ["LM", "hooked", "load_model"],
    "units": ["Unit"],
    "activations": ["capture"],
    "certificate": ["certify"],
})
