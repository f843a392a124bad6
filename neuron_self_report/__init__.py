"""Can a language model report what one of its own neurons is doing, and where does the report come from?

`import neuron_self_report as nsr` loads nothing heavy; each of the names below is found on its first use.
"""
import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submod_attrs={
    "core": ["InputError"],
    "models.lm": ["LM", "load_model"],
    "models.units": ["Unit"],
    "models.certificate": ["certify"],
    "text.corpora": ["builtin_texts"],
    "text.loading": ["load_texts"],
    "report.scanner": ["NeuronScanner"],
    "report.dataset": ["ActivationDatasetGenerator"],
    "report.head_files": ["load_head"],
    "report.predictor": ["ActivationPredictor"],
    "report.trainer": ["PredictorTrainer"],
    "report.following": ["following"],
    "mechanism.sweep": ["patch_sweep"],
    "mechanism.patching": ["patching"],
    "contrasts.capture": ["ActivationCapture"],
    "contrasts.contrast": ["ActivationStats"],
    "slots.sae": ["RelationSAE"],
    "store": ["DataStore"],
    "runs.sharing": ["open_run"],       # with the methods that share a run
    "runs.pipeline": ["run"],
    "runs.neuron_atlas": ["atlas"],
})
