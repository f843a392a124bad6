"""Sparse autoencoders with relation slots, questions, swaps and co-activation."""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submod_attrs={
    "sae": ["RelationSAE"],
    "sae_training": ["SAETrainer"],
    "slot_training": ["SlotTrainer"],
    "questions": ["question_sets"],
    "edits": ["swap_methods"],
    "coactivation": ["CoActivation"],
})
