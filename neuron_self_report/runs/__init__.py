"""Runs on disk: stages, analyses, the report page, experiments over many neurons."""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submod_attrs={
    "pipeline": ["run"],
    "sharing": ["open_run"],            # with the methods that share a run
    "mechanism": ["analyse"],
    "page": ["run_report"],
    "many": ["run_jobs"],
    "neuron_atlas": ["atlas"],
})
