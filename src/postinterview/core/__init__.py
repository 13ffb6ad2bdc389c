"""The state machine: values, rules, the past, guards, judgements, steps, the agenda. Pure, without a clock.

Each folder imports only those above it in this list:

- `values`: names, moments, frozen collections, errors. They know nothing of rules.
- `rules`: the declarations of a rule file (`rules.definitions`).
- `past`: the entries of a history, the place of each event, and what is not known. `past.situation` holds
  what all questions read: the folded history.
- `answers`: what is answered with, such as `answers.verdict`.
- `guards`: the conditions of transitions, each as the stretch of time in which it holds.
- `judging`: `judging.decide` alone decides whether an act is allowed, `judging.opening_times` when.
- `steps`: `steps.step` makes of what stands and an event what stands then; `steps.fold` folds a history.
  Usual ones are taken by functions that `steps.compiled_steps` writes.
- `agenda`: what is due, what to wait for, what to ask.

The modules beside the folders make a process, the value that a host holds: its questions, what it records,
how it is corrected, and the statuses of a board that it follows.
"""
