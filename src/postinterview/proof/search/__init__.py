"""The search: paths through a model, dated and replayed by the engine, or the proof that there is none."""
