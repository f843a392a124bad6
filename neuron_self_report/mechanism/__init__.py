"""How a report is made: interventions, patching, weights, projections, erasure."""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submod_attrs={
    "interventions": ["Scale", "Set"],
    "sweep": ["patch_sweep"],
    "patching_tables": ["PatchSettings"],
    "weights": ["weight_analysis"],
    "erasure": ["erasure_table"],
})
