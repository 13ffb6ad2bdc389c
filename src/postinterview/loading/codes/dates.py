"""PI4xx: dates and guards that can't mean what they say."""

from __future__ import annotations

from postinterview.loading.codes.code import Code

PAGES: tuple[Code, ...] = (
    Code(
        code="PI401",
        title="at most none",
        explanation=(
            "The guard holds where fewer than so many have happened, and there are never fewer than none. "
            "So it would refuse always. To forbid an act, leave the state out of `from`."
        ),
        example_bad="one_chase: {at_most: 0, of: chase}",
        example_good="one_chase: {at_most: 1, of: chase}",
    ),
    Code(
        code="PI402",
        title="a time that ends before it begins",
        explanation=(
            "One guard lets the act through from a moment on, the other until a moment that is no later. "
            "Between them there is no time, so the act would always be refused."
        ),
        example_bad="wait: {not_before: interview + 7 days}\nsoon: {not_after: interview + 3 days}",
        example_good="wait: {not_before: interview + 3 days}\nsoon: {not_after: interview + 7 days}",
    ),
    Code(
        code="PI403",
        title="it happened, and it did not",
        explanation=(
            "All guards of a transition must hold, and these two are opposites of each other. To do one "
            "thing in the one case and another in the other, write two transitions with one guard each."
        ),
        example_bad="told: {happened: offer}\nuntold: {not_happened: offer}",
        example_good="told: {happened: offer}",
    ),
    Code(
        code="PI404",
        title="in two states at once",
        explanation=(
            "A machine is in one state at a time, and these two guards leave it none. Write one guard "
            "with all states that are right, as in `{state: {plan: [ready, outdated]}}`."
        ),
        example_bad="ready: {state: {plan: ready}}\noutdated: {state: {plan: outdated}}",
        example_good="written: {state: {plan: [ready, outdated]}}",
    ),
    Code(
        code="PI405",
        title="hours without a common time",
        explanation=(
            "All guards of a transition must hold, and no moment lies within both of these hours. For two "
            "stretches of a day, write two transitions to the same state with one guard each."
        ),
        example_bad='morning: {hours: "09:00-12:00"}\nevening: {hours: "18:00-20:00"}',
        example_good='daytime: {hours: "09:00-17:00"}',
    ),
    Code(
        code="PI406",
        title="a credit that nobody gives",
        explanation=(
            "The guard spends a credit, and no event gives one, so the act would always be refused. Add "
            "`gives` to the employer's events that invite an answer."
        ),
        example_bad="message: {by: employer}\nasked_for: {spends: reply}",
        example_good="message: {by: employer, gives: reply}\nasked_for: {spends: reply}",
    ),
    Code(
        code="PI407",
        title="no business days",
        explanation=(
            "If all seven days are weekend, no business day ever comes, and what waits for one waits for "
            "ever."
        ),
        example_bad="weekend: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]",
        example_good="weekend: [friday, saturday]",
    ),
    Code(
        code="PI408",
        title="a date where there is no application",
        explanation=(
            "A date such as a promised one belongs to an application. This event concerns the employer as "
            "a whole, because no machine that it moves is kept by application or round, so it has no such "
            "date. Start from an event instead."
        ),
        example_bad="complete: {event: complete_profile, from: incomplete, to: complete, due: promised}",
        example_good=(
            "complete: {event: complete_profile, from: incomplete, to: complete, due: interview + 24 hours}"
        ),
    ),
    Code(
        code="PI409",
        title="two guards that say the same",
        explanation=(
            "Both guards of the transition ask exactly the same, in other words perhaps: a week is seven "
            "days. The second adds nothing, and often another condition was meant."
        ),
        example_bad="wait: {not_before: interview + 7 days}\none_week: {not_before: interview + 1 week}",
        example_good="wait: {not_before: interview + 7 days}",
    ),
    Code(
        code="PI410",
        title="one condition under two names",
        explanation=(
            "Two transitions ask the same under names that differ by a letter. Refusals, scenarios and "
            "proofs speak of guards by name, so they would take them for two rules. Give them the same "
            "name, or quite different ones if they are meant to differ."
        ),
        example_bad="one_chase: {at_most: 1, of: chase}\none_chsae: {at_most: 1, of: chase}",
        example_good="one_chase: {at_most: 1, of: chase}",
    ),
    Code(
        code="PI411",
        title="a count that always starts again",
        explanation=(
            "`since` starts the count anew at each of its events, and the events that are counted are all "
            "among them. So there is never anything to count, and the guard says always the same. Name an "
            "event of the employer after `since`."
        ),
        example_bad="one_chase: {at_most: 1, of: chase, since: contact}",
        example_good="one_chase: {at_most: 1, of: chase, since: sign_of_life}",
    ),
)
