"""Clinical utility: declarations of results."""

from __future__ import annotations

from analysis.results.keys.parts import at_threshold, of_evaluation, of_pair_in
from analysis.results.keys.quantity import declare

# In the place of a model: everybody is treated.
TREAT_ALL = "treat_all"

net_benefit = declare(
    at_threshold,
    "net_benefit.{model}.{evaluation}.{percent}",
    "Net benefit at a threshold probability in percent",
    "net benefit",
    "bootstrap",
)
standardized_net_benefit = declare(
    at_threshold,
    "standardized_net_benefit.{model}.{evaluation}.{percent}",
    "Net benefit over prevalence",
    "net benefit",
)
net_benefit_target = declare(
    at_threshold,
    "net_benefit_target.{model}.{evaluation}.{percent}",
    "Net benefit at the target prevalence",
    "net benefit",
    "hybrid score interval",
)
interventions_avoided = declare(
    at_threshold,
    "interventions_avoided.{model}.{evaluation}.{percent}",
    "Interventions avoided against treating all",
    "per 100 patients",
)
net_benefit_gain = declare(
    of_evaluation,
    "net_benefit_gain.{model}.{evaluation}",
    "Smallest gain over the better of treating all and none",
    "net benefit difference",
    "exact limits",
)
net_benefit_competing = declare(
    at_threshold,
    "net_benefit_competing.{model}.{evaluation}.{percent}",
    "Net benefit with death as a competing event",
    "net benefit",
    "Aalen-Johansen",
)
net_benefit_horizon = declare(
    at_threshold,
    "net_benefit_horizon.{model}.{evaluation}.{percent}",
    "Net benefit at the horizon, weighted for censoring",
    "net benefit",
    "inverse probability of censoring",
)
net_benefit_difference = declare(
    of_pair_in,
    "net_benefit_difference.{model}_vs_{other}.{evaluation}",
    "Difference in net benefit between two models",
    "net benefit difference",
    "bootstrap",
    name="net_benefit_difference",
    rests_on="best",
)
