"""Draft -> GuardrailReport: deterministic, without model, network, clock or chance."""
