"""The self-report: scan, dataset, heads, training, evaluation."""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submod_attrs={
    "scanner": ["NeuronScanner"],
    "dataset": ["ActivationDatasetGenerator"],
    "heads": ["fit_ridge"],
    "head_files": ["load_head"],
    "predictor": ["ActivationPredictor"],
    "trainer": ["PredictorTrainer"],
})
